/** Something for the fuzz to find: customers, vehicles, purchases in several states, and tokens of every role. */
import fc from 'fast-check'
import type { Json } from '#platform/http/openapi-document'
import type { Keyring } from '#platform/tokens/local-issuer'
import {
  type Api,
  buy,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  until,
  vehicleAt,
} from '../fixtures/system.ts'
import type { Pools } from './values.ts'

/** Ids are small numbers, so those that the fuzz makes itself are met too. */
const IDS = fc.integer({ min: 1, max: 60 })

export async function makeGround(api: Api): Promise<Pools> {
  const transactions: string[] = []
  const codes: string[] = []
  for (let index = 0; index < 8; index += 1) {
    const payment_type = index % 2 ? 'pix' : 'cash'
    const customer = await customerWith(api, { initial_balance: 1_000_000, credit_limit: 1_000_000 })
    const transaction = await buy(api, customer, await vehicleAt(api, 1_000 + index), payment_type)
    await vehicleAt(api, 2_000 + index)
    transactions.push(transaction)
    if (payment_type === 'cash') await settled(api, transaction)
    else codes.push(await codeOf(api, transaction))
  }
  await api.call(ORQUESTRADOR, 'POST', `/purchase/${transactions[1]}/cancel`, {})
  await api.call(PAGAMENTO, 'POST', '/payments', { payment_code: codes[1] })
  const known = (values: readonly string[], other: fc.Arbitrary<Json>) =>
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: other })
  return {
    id: IDS,
    customer_id: IDS,
    vehicle_id: IDS,
    transaction_id: known(transactions, fc.uuid()),
    code: known(codes, fc.stringMatching(/^[A-Za-z0-9]{1,25}$/)),
    payment_code: known(codes, fc.stringMatching(/^[A-Za-z0-9]{1,25}$/)),
    url: fc.constantFrom('https://receiver.invalid/hook', 'https://receiver.invalid/?a=1', 'http://receiver.invalid/'),
    cursor: known(await cursors(api), fc.string()),
  }
}

/** Values of `Authorization`; mostly such as may do anything. */
export async function makeTokens(keyring: Keyring): Promise<readonly string[]> {
  const admin = `Bearer ${await keyring.sign({ role: 'admin' })}`
  const staff = `Bearer ${await keyring.sign({ role: 'staff' })}`
  const service = `Bearer ${await keyring.sign({ role: 'service', subject: 'orquestrador' })}`
  const customer = `Bearer ${await keyring.sign({ role: 'customer', customer_id: 2 })}`
  return [admin, admin, admin, staff, service, customer, '', `${admin}x`]
}

function codeOf(api: Api, transaction: string): Promise<string> {
  return until('the code is there', async () => (await sagaOf(api, transaction)).context.payment_code)
}

async function cursors(api: Api): Promise<string[]> {
  const lists = ['cliente-service /customers', 'veiculo-service /vehicles', 'orquestrador /saga-states']
  const pages = lists.map(async (list) => {
    const [service = '', path] = list.split(' ')
    return (await api.call(service, 'GET', `${path}?limit=1`)).body.next_cursor
  })
  return (await Promise.all(pages)).filter((cursor): cursor is string => typeof cursor === 'string')
}
