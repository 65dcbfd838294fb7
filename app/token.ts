/** `npm run -s token -- --role customer --customer-id 7`: prints a token that the local services accept for an hour. */
import { type Role, SCOPES } from '#contracts'
import { readConfig } from '#platform/config'
import { openKeyring } from '#platform/tokens/local-issuer'
import { command, Misused } from './command-line.ts'

const ROLES = ['customer', 'staff', 'admin', 'service'] as const satisfies readonly Role[]

const usage = `usage: npm run -s token -- --role ${ROLES.join('|')} [--customer-id N] [--scope ${SCOPES.join('|')}] [--subject NAME]

Prints a token that the local services accept for an hour, signed by the key in DATA_DIR.

  --customer-id   a customer needs it; of those who work here it is their own customer record
  --scope         of staff: who sells, or who also handles money (unless said)
  --subject       who it is, for the record of who did what`

const text = { type: 'string' } as const
const options = { role: text, 'customer-id': text, scope: text, subject: text } as const

await command({ usage, options }, async (values) => {
  const role = ROLES.find((known) => known === values.role)
  if (!role) throw new Misused(values.role === undefined ? 'whose token?' : `there is no role ${values.role}`)
  const id = values['customer-id']
  const customer_id = id === undefined ? undefined : Number(id)
  const isNumber = Number.isSafeInteger(customer_id) && Number(customer_id) > 0
  if (!isNumber && (role === 'customer' || id !== undefined))
    throw new Misused('a customer needs --customer-id, a number from 1')
  const scope = SCOPES.find((known) => known === values.scope)
  if (values.scope !== undefined && (!scope || role !== 'staff'))
    throw new Misused(`--scope is of staff, and one of ${SCOPES.join(', ')}`)
  const keyring = await openKeyring(readConfig(process.env).DATA_DIR)
  const who = { ...(customer_id && { customer_id }), ...(scope && { scope }) }
  console.log(await keyring.sign({ role, ...who, ...(values.subject && { subject: values.subject }) }))
})
