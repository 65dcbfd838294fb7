/**
 * Logins for the demo: a buyer, a seller and an admin. They are made as people make them, with the codes and links of the mails
 * that development keeps. They are made once; a later demo finds them.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { CannotStart } from '#platform/cannot-start'
import { type Config, publicOriginOf } from '#platform/config'
import { openKeyring } from '#platform/tokens/local-issuer'
import { addresses } from '../addresses.ts'

interface Login {
  readonly who: string
  readonly name: string
  readonly email: string
  readonly role: 'customer' | 'staff' | 'admin'
}

const LOGINS: readonly Login[] = [
  { who: 'buyer', name: 'Clara Compradora', email: 'compradora@demo.example', role: 'customer' },
  { who: 'seller', name: 'Vítor Vendedor', email: 'vendedor@demo.example', role: 'staff' },
  { who: 'admin', name: 'Dora Dona', email: 'dona@demo.example', role: 'admin' },
]
export const DEMO_PASSWORD = 'carros de demonstração'
/** Valid, and nobody's. */
const DOCUMENT = '11144477735'
const PATIENCE_MS = 15_000
const ASK_EVERY_MS = 100

const Mails = Type.Object({ mails: Type.Array(Type.Object({ to: Type.String(), text: Type.String() })) })
const SignUp = Type.Object({ sign_up_id: Type.String() })

/** Throws CannotStart in production: these passwords are in the source. */
export async function makeLogins(config: Config): Promise<void> {
  if (config.NODE_ENV === 'production')
    throw new CannotStart('Demo logins are for development: their password is known')
  const addressOf = addresses(config)
  const token = await (await openKeyring(config.DATA_DIR)).sign({ role: 'admin' })
  const origin = publicOriginOf(config)

  async function ask(service: string, route: string, body?: object): Promise<{ status: number; content: unknown }> {
    const [method = '', path = ''] = route.split(' ')
    const response = await fetch(`${addressOf(service)}${path}`, {
      method,
      headers: {
        origin,
        ...(!path.startsWith('/auth/') && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    return { status: response.status, content: await response.json() }
  }

  /** The text of the newest mail to this address, once it is there. */
  async function mailed(email: string, pattern: RegExp): Promise<string> {
    const deadline = Date.now() + PATIENCE_MS
    while (Date.now() < deadline) {
      const { content } = await ask('avisos-service', 'GET /mails')
      const mails = Value.Check(Mails, content) ? content.mails : []
      const found = mails.find(({ to, text }) => to === email && pattern.test(text))
      const [, said] = pattern.exec(found?.text ?? '') ?? []
      if (said) return said
      await pause(ASK_EVERY_MS)
    }
    throw new CannotStart('The mail to a demo login is not kept here: is SMTP_URL set?')
  }

  async function make({ name, email, role }: Login): Promise<void> {
    const login = await ask('identidade-service', 'POST /auth/sign-in/email', { email, password: DEMO_PASSWORD })
    if (login.status === 200) return
    if (role === 'customer') {
      const person = { name, document: DOCUMENT, birth_date: '1990-05-20', phone: '11987654321' }
      const { content } = await ask('identidade-service', 'POST /auth/sign-up/email', {
        ...person,
        email,
        password: DEMO_PASSWORD,
      })
      if (!Value.Check(SignUp, content)) throw new CannotStart('The demo buyer could not be signed up')
      const code = await mailed(email, /^ {4}(\d{6})$/m)
      await ask('identidade-service', 'POST /auth/sign-up/verify', { sign_up_id: content.sign_up_id, code })
      return
    }
    const wanted = { name, email, role, ...(role === 'staff' && { scope: 'seller' }) }
    await ask('identidade-service', 'POST /staff/invitations', wanted)
    const link = await mailed(email, /\/convite\/([\w-]{43})/)
    await ask('identidade-service', 'POST /auth/accept-invitation', { token: link, password: DEMO_PASSWORD })
  }

  console.log(`\nLogins at ${origin}/entrar`)
  for (const login of LOGINS) {
    await make(login)
    console.log(`  ${login.who.padEnd(8)} ${login.email.padEnd(28)} ${DEMO_PASSWORD}`)
  }
}
