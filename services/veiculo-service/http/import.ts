/** The route that takes in vehicles from a file, a thousand rows at a time. */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { IMPORT_UPLOAD } from '#contracts'
import { authorOf } from '#host'
import { rowsIn } from '#platform/csv'
import { answers } from '#platform/http/app'
import { type Caller, callerOf } from '#platform/http/auth'
import { textOf } from '#platform/http/json-bodies'
import type { Handler, HttpApp } from '#platform/http/server'
import { checker } from '#platform/http/validation'
import { Problem } from '#platform/problem'
import { importVehicles } from '../import/import-vehicles.ts'
import { arrivalFrom } from './arrival.ts'
import type { RouteParts } from './parts.ts'
import { NewVehicleBody } from './vehicle-body.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its body is a table. */
    takesCsv?: boolean
  }
}

const ROWS_AT_ONCE = 1_000

const ImportView = Type.Object(
  {
    taken_in: Type.Integer(),
    known: Type.Integer({ description: 'In the house already, or in a row before' }),
    errors: Type.Array(Type.Object({ line: Type.Integer(), field: Type.String(), message: Type.String() }), {
      description: 'The faults, each with its line in the file; all other rows were imported',
    }),
  },
  { title: 'Import' },
)

export const importRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) =>
    csvOf(request, body),
  )
  const csv = { bodyLimit: IMPORT_UPLOAD.bytes, config: { takesCsv: true } }
  app.post('/vehicles/import', { ...csv, schema: importSchema }, importFile(parts))
}

function csvOf(request: FastifyRequest, body: Buffer): string {
  if (!request.routeOptions.config.takesCsv) throw new Problem('unsupported_media_type')
  return textOf(request, body)
}

const importSchema = {
  operationId: 'importVehicles',
  summary: 'Takes in the vehicles of a CSV file, up to a thousand at a time',
  description:
    'The first row names the columns: the fields of `POST /vehicles`, or `marca`, `modelo`, `ano`, `preço`, `placa` and so on. Sent again, ' +
    'nothing is doubled. `npm run -s stock -- import FILE` sends larger ones in parts.',
  tags: ['vehicles'],
  response: answers(
    { 200: ImportView },
    'bad_request',
    'unsupported_media_type',
    'body_too_large',
    'validation_failed',
  ),
}

const faultsOf = checker(NewVehicleBody)

const importFile =
  (parts: RouteParts): Handler<typeof importSchema> =>
  async (request) => {
    if (typeof request.body !== 'string') throw new Problem('unsupported_media_type')
    const rows = rowsIn(request.body)
    if (rows.length > ROWS_AT_ONCE + 1) throw misfit(`must have at most ${ROWS_AT_ONCE} rows`)
    const open = rows.find(({ isOpen }) => isOpen)
    if (open) throw misfit(`has a quotation mark in the row of line ${open.line} that is never closed`)
    return await importVehicles(parts, rows, read(parts, callerOf(request)), authorOf(request))
  }

const misfit = (message: string) => new Problem('validation_failed', { errors: [{ path: '/', message }] })

const read =
  ({ clock }: RouteParts, caller: Caller) =>
  (body: Record<string, unknown>) => {
    const errors = faultsOf(body)
    if (errors.length > 0) throw new Problem('validation_failed', { errors })
    return arrivalFrom(body as Static<typeof NewVehicleBody>, caller, clock.now())
  }
