/** `npm run -s staff -- add …`: invites somebody to the staff by a link that opens once. Works on the database, beside a running system or alone. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isValidCpf } from '@brazilian-utils/brazilian-utils'
import { openData } from '#host'
import { CannotStart } from '#platform/cannot-start'
import { type Config, publicOriginOf, readConfig } from '#platform/config'
import { openLog } from '#platform/log'
import { Problem } from '#platform/problem'
import { fingerprints } from '../services/identidade-service/accounts/fingerprints.ts'
import { identidadeService } from '../services/identidade-service/service.ts'
import { invite, linkOf } from '../services/identidade-service/staff/invite.ts'
import { command, Misused } from './command-line.ts'
import { startEmbeddedPostgres, urlOfEmbeddedPostgres } from './embedded/postgres.ts'

const usage = `usage: npm run -s staff -- add --name NAME --email ADDRESS --role staff|admin [--scope seller|operator] [--document CPF]

Prints a link that opens once, for three days: whoever has it chooses a password and works here. The first admin comes in so;
they invite the others in the office.

  --scope      of staff: who sells, or who also handles money (unless said)
  --document   their CPF: nobody acts on the customer record that is their own`

const text = { type: 'string' } as const
const options = { name: text, email: text, role: text, scope: text, document: text } as const

await command({ usage, options, words: 1 }, async ({ name, email, role, scope, document }, [word]) => {
  if (word !== 'add') throw new Misused('what is to be done?')
  if (!name || name.trim().length < 3) throw new Misused('--name has three letters or more')
  if (!email || !/^[^@\s]+@[^@\s]+$/.test(email)) throw new Misused('--email is an address')
  if (role !== 'staff' && role !== 'admin') throw new Misused('--role is staff or admin')
  if (scope !== undefined && (role === 'admin' || (scope !== 'seller' && scope !== 'operator')))
    throw new Misused('--scope is of staff: seller or operator')
  if (document !== undefined && !isValidCpf(document)) throw new Misused('--document is a CPF')
  const config = readConfig(process.env)
  await using running = new AsyncDisposableStack()
  const server = config.DATABASE_URL ?? (await embeddedServer(config, running))
  // made and migrated where the system has never run: the first admin may come before its first start
  await using data = await openData(identidadeService, server, config, openLog('fatal'))
  const { database, vault } = data
  const granted = role === 'staff' ? ((scope as 'seller' | 'operator' | undefined) ?? 'operator') : null
  const wanted = {
    name: name.trim(),
    email,
    role,
    scope: granted,
    document: document?.replace(/\D/g, '') ?? null,
  } as const
  const parts = { vault, prints: fingerprints(vault) }
  const token = await database
    .transaction((tx) => invite(tx, parts, { ...wanted, invited_by: 'command line' }, new Date()))
    .catch((error) => {
      if (error instanceof Problem) throw new CannotStart('This address has an account already')
      throw error
    })
  console.log(linkOf(publicOriginOf(config), token))
})

/** The running server, or one that runs until this is over. */
async function embeddedServer({ DATA_DIR }: Config, running: AsyncDisposableStack): Promise<string> {
  const directory = join(DATA_DIR, 'postgres')
  await mkdir(DATA_DIR, { recursive: true }) // the first admin may come before the first start
  return (
    (await urlOfEmbeddedPostgres(directory)) ?? running.use(await startEmbeddedPostgres({ directory, port: 0 })).url
  )
}
