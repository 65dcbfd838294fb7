/**
 * Corrects a document. It identifies a person, so only staff who have seen the paper do it; once the customer has bought something, papers
 * rest on it, so an admin does. While a purchase is under way nobody does: the vehicle is handed over by it. PUT corrects all other fields.
 */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { authorOf, writeJournal } from '#host'
import { violatedConstraint } from '#platform/database/pg-errors'
import { bare } from '#platform/formats'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { callerOf, refuse, refuseOwnRecord, seesWhole } from '#platform/http/auth'
import { checkIfMatch, etagOf, IfMatchHeaders } from '#platform/http/etag'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { lockCustomer, updateCustomer } from '../customers/customer-store.ts'
import { type ReadingParts, recordShown } from '../customers/readings.ts'
import { CustomerAnswer, viewOf } from '../http/views.ts'
import { meetBlock } from './blocked-documents-store.ts'
import { recordChanges, recorderOf } from './changes.ts'
import type { ConsentParts } from './consents-http.ts'
import { hasBought, hasPurchaseInProgress } from './erasure-store.ts'

const Body = Type.Object(
  {
    document: Type.String({ format: 'document', description: 'CPF or CNPJ, numeric or alphanumeric' }),
    reason: Type.String({ minLength: 5, maxLength: 200, format: 'text', description: 'The proof that was seen' }),
  },
  { additionalProperties: false, examples: [{ document: '529.982.247-25', reason: 'CNH shown at the counter' }] },
)

export const documentRoutes = (parts: ConsentParts & ReadingParts) => (app: HttpApp) => {
  app.put(
    '/customers/:id/document',
    {
      config: { pace: 'lookup' }, // a refusal reveals that a document is known here
      schema: correctDocumentSchema,
    },
    correctDocument(parts),
  )
}

const correctDocumentSchema = {
  summary: 'Corrects a customer’s document',
  tags: ['personal data'],
  params: Type.Object({ id: EntityId }),
  headers: IfMatchHeaders,
  body: Body,
  response: answers(
    { 200: CustomerAnswer },
    'customer_not_found',
    'customer_erased',
    'customer_exists',
    'purchase_in_progress',
    'own_record',
    'too_many_customers_read',
    'precondition_failed',
    'validation_failed',
  ),
}

const correctDocument =
  (parts: ConsentParts & ReadingParts): Handler<typeof correctDocumentSchema> =>
  async (request, reply) => {
    const { database, vault, clock, consentText } = parts
    refuseOwnRecord(request, request.params.id)
    const now = clock.now()
    const reason = withoutIdentifiers(request.body.reason)
    const occasion = { at: now, recorded_by: recorderOf(request), text_version: consentText, reason }
    const corrected = await database
      .transaction(async (tx) => {
        const customer = await lockCustomer(tx, vault, request.params.id)
        if (!customer) throw new Problem('customer_not_found')
        if (customer.status === 'erased') throw new Problem('customer_erased')
        checkIfMatch(request, customer)
        if (await hasPurchaseInProgress(tx, customer.id)) throw new Problem('purchase_in_progress')
        if (callerOf(request).role !== 'admin' && (await hasBought(tx, customer.id))) refuse(request)
        const after = { ...customer, document: bare(request.body.document), updated_at: now }
        await recordShown(tx, request, after, parts)
        const written = await meetBlock(tx, vault, await updateCustomer(tx, vault, after), now)
        recordChanges(tx, customer, after, occasion)
        const personal = { before: { document: customer.document }, after: { document: after.document } }
        const about = { about: 'customer', about_id: customer.id, reason, personal } as const
        await writeJournal(tx, vault, [{ by: authorOf(request), at: now, act: 'document_corrected', ...about }])
        return written
      })
      .catch((error: unknown) => {
        throw violatedConstraint(error) === 'customers_document_unique' ? new Problem('customer_exists') : error
      })
    return reply.header('etag', etagOf(corrected)).send(viewOf(corrected, seesWhole(callerOf(request))))
  }
