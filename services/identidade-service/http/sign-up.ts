/** The routes of signing up: the person's data, the code that proves the address, and a session at the end. */
import { type Static, Type } from 'typebox'
import { bare, normalisePhone } from '#platform/formats'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { findAccount } from '../accounts/account-store.ts'
import { normalEmail } from '../accounts/fingerprints.ts'
import { expectGoodPassword } from '../accounts/passwords.ts'
import { CODE_LIVES_MS } from '../domain/code.ts'
import { faultsOf, type Registration } from '../domain/registration.ts'
import { makeCustomer } from '../sign-up/customers.ts'
import { proveSignUp, resendCode, signUp } from '../sign-up/sign-up.ts'
import { headersFor, passOn } from './ask-library.ts'
import type { RouteParts } from './parts.ts'

const text = (minLength: number, maxLength: number) => Type.String({ minLength, maxLength, format: 'text' })
export const Email = Type.String({ format: 'email', maxLength: 100 })
export const NewPassword = Type.String({
  maxLength: 200,
  description: 'At least 10 characters, none of the common ones',
})
export const Code = Type.String({
  pattern: '^[0-9]{6}$',
  description: 'Six digits, as the mail says',
  examples: ['123456'],
})
export const Handle = Type.String({ format: 'uuid' })

const SignUpBody = Type.Object(
  {
    name: text(3, 100),
    document: Type.String({ format: 'document', description: 'CPF or CNPJ' }),
    birth_date: Type.Optional(Type.String({ format: 'date', description: 'Required of persons' })),
    email: Email,
    phone: Type.String({ format: 'brazilian-phone' }),
    password: NewPassword,
    representative: Type.Optional(
      Type.Object(
        { name: text(3, 100), document: Type.String({ format: 'document', description: 'CPF' }) },
        { additionalProperties: false, description: 'Who acts for a person under 18, or for a company' },
      ),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      {
        name: 'Ana Souza',
        document: '529.982.247-25',
        birth_date: '1990-03-01',
        email: 'ana@example.com',
        phone: '(11) 98765-4321',
        password: 'três carros na garagem',
      },
    ],
  },
)

const SignUpAnswer = Type.Object(
  { sign_up_id: Handle, expires_in: Type.Integer({ description: 'Seconds that the code is good for' }) },
  { title: 'SignUp' },
)
const SignedUp = Type.Object({ account_id: Type.String(), customer_id: Type.Union([Type.Integer(), Type.Null()]) })
const tags = ['sign-up']

export const signUpRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/auth/sign-up/email', { schema: beginSchema }, begin(parts))
  app.post('/auth/sign-up/resend', { schema: resendSchema }, resend(parts))
  app.post('/auth/sign-up/verify', { schema: verifySchema }, verify(parts))
}

const beginSchema = {
  summary: 'Signs a buyer up: a code goes to the address',
  description:
    'The answer is the same whether the address has an account or not; its owner is told. The account, its customer and a session are there once the code is given back.',
  tags,
  body: SignUpBody,
  response: answers({ 200: SignUpAnswer }, 'validation_failed', 'foreign_origin', 'rate_limited', 'overloaded'),
}

const begin =
  (parts: RouteParts): Handler<typeof beginSchema> =>
  async (request) => {
    const { clock, pacing } = parts
    const { email, password } = request.body
    const registration = registrationFrom(request.body)
    const errors = faultsOf(registration, dateInBrazil(clock.now()))
    if (errors.length > 0) throw new Problem('validation_failed', { errors })
    await expectGoodPassword(password)
    pacing.countMail(request)
    const handle = await signUp(parts, { email: normalEmail(email), password, registration })
    return { sign_up_id: handle, expires_in: CODE_LIVES_MS / 1_000 }
  }

const resendSchema = {
  summary: 'Sends another code for a sign-up; the one before opens nothing more',
  tags,
  body: Type.Object({ sign_up_id: Handle }, { additionalProperties: false }),
  response: answers({ 200: SignUpAnswer }, 'validation_failed', 'foreign_origin', 'rate_limited'),
}

const resend =
  (parts: RouteParts): Handler<typeof resendSchema> =>
  async (request) => {
    parts.pacing.countMail(request)
    await resendCode(parts, request.body.sign_up_id)
    return { sign_up_id: request.body.sign_up_id, expires_in: CODE_LIVES_MS / 1_000 }
  }

const verifySchema = {
  summary: 'Proves the address of a sign-up: makes the account and its customer, and opens a session',
  description:
    '`customer_id` is null while the customer is being made, or when the document or e-mail is known from the counter: then it is to be claimed (`POST /auth/claim`).',
  tags,
  body: Type.Object({ sign_up_id: Handle, code: Code }, { additionalProperties: false }),
  response: answers({ 200: SignedUp }, 'wrong_code', 'validation_failed', 'foreign_origin', 'rate_limited'),
}

const verify =
  (parts: RouteParts): Handler<typeof verifySchema> =>
  async (request, reply) => {
    const { library, pacing, database, onError } = parts
    const { sign_up_id, code } = request.body
    pacing.expectFew(request, sign_up_id)
    const user_id = await proveSignUp(parts, sign_up_id, code)
    if (user_id === undefined) {
      pacing.countWrong(request, sign_up_id)
      throw new Problem('wrong_code')
    }
    await makeCustomer(parts, user_id).catch(onError) // it is tried again until there is one
    const opened = await library.api.openSession({
      body: { userId: user_id },
      headers: headersFor(request),
      asResponse: true,
    })
    await passOn(reply, opened)
    const account = await findAccount(database, user_id)
    return { account_id: user_id, customer_id: account?.customer_id ?? null }
  }

function registrationFrom(body: Static<typeof SignUpBody>): Registration {
  const { name, document, birth_date = null, phone, representative } = body
  return {
    name: name.trim(),
    document: bare(document),
    birth_date,
    phone: normalisePhone(phone) ?? phone,
    representative: representative
      ? { name: representative.name.trim(), document: bare(representative.document) }
      : null,
  }
}

/** Brazil has had no daylight saving since 2019. */
const dateInBrazil = (now: Date) => new Date(now.getTime() - 3 * 3_600_000).toISOString().slice(0, 10)
