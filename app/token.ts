/** `npm run -s token -- --role customer --customer-id 7`: prints a token that the local services accept for an hour. */
import type { Role } from '#contracts'
import { readConfig } from '#platform/config'
import { openKeyring } from '#platform/tokens/local-issuer'
import { command, Misused } from './command-line.ts'

const ROLES = ['customer', 'staff', 'admin', 'service'] as const satisfies readonly Role[]

const usage = `usage: npm run -s token -- --role ${ROLES.join('|')} [--customer-id N]   (a customer needs its id)

Prints a token that the local services accept for an hour, signed by the key in DATA_DIR.`

const options = { role: { type: 'string' }, 'customer-id': { type: 'string' } } as const

await command({ usage, options }, async (values) => {
  const role = ROLES.find((known) => known === values.role)
  const customer_id = Number(values['customer-id'])
  if (!role) throw new Misused(values.role === undefined ? 'whose token?' : `there is no role ${values.role}`)
  if (role === 'customer' && !(Number.isSafeInteger(customer_id) && customer_id > 0))
    throw new Misused('a customer needs --customer-id, a number from 1')
  const keyring = await openKeyring(readConfig(process.env).DATA_DIR)
  console.log(await keyring.sign({ role, ...(role === 'customer' && { customer_id }) }))
})
