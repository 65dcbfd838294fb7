/** The routes of audits: run one, see its findings. */
import { type Static, Type } from 'typebox'
import { EntityId, Timestamp } from '#contracts'
import { authorName, authorOf, writeJournal } from '#host'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { idBehind, NextCursor, pageById, pageOf } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { findAudit, listAudits, type StoredAudit } from '../audit/audit-store.ts'
import type { Auditor } from '../audit/auditor.ts'
import { Finding } from '../audit/findings.ts'

const Count = Type.Integer({ minimum: 0 })

const AuditView = Type.Object(
  {
    id: EntityId,
    status: Type.Enum(['running', 'finished', 'failed', 'abandoned'], {
      description: 'failed: a service did not answer; abandoned: the process that ran it died',
    }),
    since: Type.Union([Timestamp, Type.Null()], { description: 'null: all purchases were compared' }),
    began_by: Type.String(),
    began_at: Timestamp,
    ended_at: Type.Union([Timestamp, Type.Null()]),
    compared: Type.Object({
      purchases: Count,
      holds: Count,
      reservations: Count,
      charges: Count,
      accounts: Count,
    }),
    findings_total: Count,
    findings: Type.Array(Finding, { description: 'The first thousand' }),
    failure: Type.Union([Type.String(), Type.Null()]),
  },
  { title: 'Audit' },
)

const AuditBody = Type.Object(
  {
    since: Type.Optional(
      Type.String({ format: 'date-time', description: 'Only purchases that began from then on; all, when absent' }),
    ),
  },
  { additionalProperties: false },
)

const AuditPage = Type.Object({
  audits: Type.Array(Type.Omit(AuditView, ['findings'])),
  next_cursor: NextCursor,
})

const tags = ['operations']

export interface AuditParts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
  readonly auditor: Auditor
}

export const auditRoutes = (parts: AuditParts) => (app: HttpApp) => {
  app.post('/audits', { schema: beginAuditSchema }, beginAudit(parts))
  app.get('/audits', { schema: showAuditsSchema }, showAudits(parts))
  app.get('/audits/:id', { schema: showAuditSchema }, showAudit(parts))
}

const beginAuditSchema = {
  summary: 'Compare what the services have on record',
  description:
    'Answers at once; `GET /audits/{id}` tells when it is finished. One runs at a time: while it does, it is the answer. It reports and repairs nothing.',
  tags,
  body: AuditBody,
  response: answers({ 202: AuditView }, 'validation_failed'),
}

const beginAudit =
  ({ auditor, vault, clock }: AuditParts): Handler<typeof beginAuditSchema> =>
  async (request, reply) => {
    const { since = null } = request.body
    const by = authorOf(request)
    const audit = await auditor.begin(authorName(by), since === null ? null : new Date(since), (tx, { id }) =>
      writeJournal(tx, vault, [
        { by, at: clock.now(), act: 'audit_begun', about: 'audit', about_id: id, after: { since } },
      ]),
    )
    return reply.code(202).send(viewOf(audit))
  }

const showAuditsSchema = {
  summary: 'Audits, newest first, without what they found',
  tags,
  querystring: Type.Object(pageById),
  response: answers({ 200: AuditPage }, 'validation_failed'),
}

const showAudits =
  ({ database }: AuditParts): Handler<typeof showAuditsSchema> =>
  async ({ query: { limit, cursor } }) => {
    const found = await listAudits(database, idBehind(cursor), limit + 1)
    const { page, next_cursor } = pageOf(found, limit, ({ id }) => String(id))
    return {
      audits: page.map(viewOf).map(({ findings: _findings, ...audit }) => audit),
      next_cursor,
    }
  }

const showAuditSchema = {
  summary: 'An audit, and what it found',
  tags,
  params: Type.Object({ id: EntityId }),
  response: answers({ 200: AuditView }, 'audit_not_found', 'validation_failed'),
}

const showAudit =
  ({ database }: AuditParts): Handler<typeof showAuditSchema> =>
  async ({ params: { id } }) => {
    const audit = await findAudit(database, id)
    if (!audit) throw new Problem('audit_not_found')
    return viewOf(audit)
  }

const viewOf = ({ since, began_at, ended_at, ...same }: StoredAudit): Static<typeof AuditView> => ({
  ...same,
  findings: [...same.findings],
  since: since?.toISOString() ?? null,
  began_at: began_at.toISOString(),
  ended_at: ended_at?.toISOString() ?? null,
})
