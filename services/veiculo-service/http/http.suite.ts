/** Shared by the tests of the vehicles' routes: the routes on a database of their own, and vehicles to try them on. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { generateRenavam } from '@brazilian-utils/brazilian-utils'
import { pino } from 'pino'
import { permissionsOf, reserveVehicle } from '#contracts'
import { approvalRoutes, openApprovals } from '#host'
import { systemClock, systemIds } from '#platform/clock'
import { httpApp } from '#platform/http/app'
import { toCents } from '#platform/money'
import { openKeyring } from '#platform/tokens/local-issuer'
import { messageOf, testDatabase } from '../../../tests/fixtures/database.ts'
import type { CheckBuyer } from '../handover/buyers.ts'
import { routes } from '../http.ts'
import { folderStorage } from '../photos/folder-storage.ts'
import { photoMaker } from '../photos/photo-maker.ts'
import { vehicleCommands } from '../reservations/commands.ts'
import { issuedCodes } from '../reservations/issued-codes.ts'
import { saleByHandKind } from '../reservations/sale-by-hand.ts'
import { vehicleLists } from '../vehicles/lists.ts'
import { priceKind } from '../vehicles/repricing.ts'
import { abatementKind } from '../warranty/claims.ts'

export const SHOP_CNPJ = '11222333000181'
const tested = await testDatabase(new URL('../migrations/', import.meta.url))
export const { database, vault, sent, unitOfWork } = tested
const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-vehicles-'))
/** Moves on when a test says so. */
export const clock = { ahead: 0, now: () => new Date(systemClock.now().getTime() + clock.ahead) }
export const keyring = await openKeyring(folder)
const app = await httpApp({
  title: 'veiculo-service',
  description: '',
  version: '0',
  log: pino({ level: 'silent' }),
  access: { verify: keyring.verify, permissions: permissionsOf('veiculo-service') },
})
const ofStaff = await keyring.sign({ role: 'admin' })
const ofService = await keyring.sign({ role: 'service', subject: 'orquestrador' })
const policy = { everybodyAsks: false, livesForMs: 60_000 }
const approvals = openApprovals({ vault, clock, ids: systemIds, policy })
const codes = issuedCodes(vault)
export const photos = { maker: photoMaker(), storage: folderStorage(join(folder, 'photos')) }
/** The answer of cliente-service about a buyer; a test may set another. */
export const buyers = { document: '52998224725', needs_representative: false, is_deceased: false }
const checkBuyer: CheckBuyer = (_customer_id, typed) => {
  const { document, ...rest } = buyers
  return Promise.resolve({ ...rest, is_theirs: typed?.replace(/[.\-/]/g, '') === document })
}
/** Whether pagamento-service has received the whole price; a test may set another answer. */
export const money = { hasAllCome: true }
/** Takes every purchase for paid; proofs.db.test.ts tests proofs. */
const isPaid = async () => true
const parts = {
  database,
  vault,
  lists: vehicleLists({ database, vault, isAlone: true }),
  unitOfWork,
  clock,
  ids: systemIds,
  codes,
  approvals,
  discountLimit: 10,
  abatementLimit: 1_000_000,
  shopCnpj: SHOP_CNPJ,
  photos,
  checkBuyer,
  hasAllCome: async () => money.hasAllCome,
  isPaid,
}
routes(parts)(app)
const kinds = [priceKind(parts), saleByHandKind({ ...parts, issueCode: codes.issue }), abatementKind(parts)]
approvalRoutes({ database, unitOfWork, vault, clock, kinds })(app)
await app.ready()
after(async () => {
  await app.close()
  await photos.maker[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** A photo as a browser's form sends it. */
export async function upload(id: number, form: FormData, token = ofStaff) {
  const body = new Response(form)
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    'content-type': body.headers.get('content-type') ?? '',
  }
  const payload = Buffer.from(await body.arrayBuffer())
  const answer = await app.inject({ method: 'POST', url: `/vehicles/${id}/photos`, headers, payload })
  return { status: answer.statusCode, body: answer.json(), headers: answer.headers }
}

/** A file as the command sends it. */
export async function importing(csv: string | Buffer, token = ofStaff, more: Record<string, string> = {}) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv', ...more }
  const answer = await app.inject({ method: 'POST', url: '/vehicles/import', headers, payload: csv })
  return { status: answer.statusCode, body: answer.json() }
}

export async function bytesAt(url: string) {
  const { statusCode, headers, rawPayload } = await app.inject({ method: 'GET', url })
  return { status: statusCode, headers, bytes: rawPayload }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Calls as an admin, or as the orquestrador for a purchase's acts, unless another token is given; an empty token means
 * none.
 */
export async function call(
  method: Method,
  url: string,
  body?: object | string,
  token = url.endsWith('/sales') || isOfPurchase(body) ? ofService : ofStaff,
  more: Record<string, string> = {},
) {
  const headers = {
    ...more,
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
  }
  const answer = await app.inject({ method, url, headers, ...(body !== undefined && { payload: body }) })
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json(), headers: answer.headers }
}

const isOfPurchase = (body: object | string | undefined) =>
  typeof body === 'object' && 'transaction_id' in body && body.transaction_id !== null

let born = 0
export function some(fields: object = {}) {
  born += 1
  const number = String(born).padStart(4, '0')
  return {
    brand: 'Fiat',
    model: 'Uno',
    year: 2020,
    color: 'Prata',
    price: 45_000,
    license_plate: `ABC${number}`,
    chassi_number: `9BWZZZ377VT00${number}`,
    renavam: generateRenavam(),
    ...fields,
  }
}

export async function offered(fields: object = {}) {
  const { status, body } = await call('POST', '/vehicles', some(fields))
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

export async function reservedBySomebody(vehicle: { id: number; price: number }): Promise<string> {
  const transaction_id = systemIds.uuid()
  const body = { vehicle_id: vehicle.id, customer_id: 7, price_cents: toCents(vehicle.price) }
  const [reserving] = vehicleCommands(systemClock)
  await unitOfWork(async (tx, send) => reserving?.handle(tx, [messageOf(reserveVehicle, transaction_id, body)], send))
  return transaction_id
}

export const sell = (id: number, body?: object) => call('PATCH', `/vehicles/${id}/mark_as_sold`, body)
