/** `npm run -s token -- --role customer --customer-id 7`: prints a token that the local services accept for an hour. */
import { parseArgs } from 'node:util'
import type { Role } from '#contracts'
import { readConfig } from '#platform/config'
import { openKeyring } from '#platform/tokens/local-issuer'

const ROLES = ['customer', 'staff', 'admin', 'service'] as const satisfies readonly Role[]

const { values } = parseArgs({ options: { role: { type: 'string' }, 'customer-id': { type: 'string' } } })
const role = ROLES.find((known) => known === values.role)
const customer_id = Number(values['customer-id'])

if (!role || (role === 'customer' && !(Number.isSafeInteger(customer_id) && customer_id > 0))) {
  console.error(`usage: npm run -s token -- --role ${ROLES.join('|')} [--customer-id N]   (a customer needs its id)`)
  process.exit(2)
}
const keyring = await openKeyring(readConfig(process.env).DATA_DIR)
console.log(await keyring.sign({ role, ...(role === 'customer' && { customer_id }) }))
