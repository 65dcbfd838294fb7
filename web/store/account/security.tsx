/** The person's sessions, and the ways to sign in: password, authenticator, passkeys. */
import {
  type ActionFunctionArgs,
  data,
  Form,
  type LoaderFunctionArgs,
  type MetaFunction,
  useActionData,
  useLoaderData,
} from 'react-router'
import { dayAndHour } from '../../formats.ts'
import { ask, forget, personOf } from '../../session.server.ts'
import { account } from '../../texts/account.pt-br.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Note, Tag } from '../../ui/tag.tsx'
import { qrSvg } from '../qr.server.ts'
import { NewPasskey } from './new-passkey.tsx'

const texts = account.security

interface Session {
  readonly id: string
  readonly browser: string
  readonly created_at: string
  readonly current: boolean
}
interface Passkey {
  readonly id: string
  readonly created_at: string | null
}

export async function loader(args: LoaderFunctionArgs) {
  const [person, sessions, passkeys] = await Promise.all([
    personOf(args),
    ask(args, 'GET', '/auth/list-sessions'),
    ask(args, 'GET', '/auth/passkey/list-user-passkeys'),
  ])
  if (!sessions.ok || !passkeys.ok) throw new Response(null, { status: 503 })
  return {
    hasTotp: person?.second_factor.totp ?? false,
    sessions: (sessions.content as { sessions: readonly Session[] }).sessions,
    passkeys: (passkeys.content as { passkeys: readonly Passkey[] }).passkeys,
  }
}

interface Told {
  readonly told?: string
  readonly faultOfPassword?: string
  readonly faultOfCurrent?: string
  readonly faultOfTotp?: string
  readonly fault?: string
  /** An authenticator that waits to be confirmed. */
  readonly totp?: { readonly qr: string; readonly codes: readonly string[] }
}

/** Each form of the page names its wish. */
export async function action(args: ActionFunctionArgs) {
  const form = await args.request.formData()
  const text = (name: string) => String(form.get(name) ?? '')
  forget(args)
  switch (text('quer')) {
    case 'encerrar':
      await ask(args, 'POST', '/auth/revoke-session', { id: text('id') })
      return data<Told>({})
    case 'encerrar-outras':
      await ask(args, 'POST', '/auth/revoke-other-sessions', {})
      return data<Told>({})
    case 'remover-chave':
      await ask(args, 'POST', '/auth/passkey/delete-passkey', { id: text('id') })
      return data<Told>({})
    case 'criar-chave': {
      const response: unknown = JSON.parse(text('resposta'))
      const answer = await ask(args, 'POST', '/auth/passkey/verify-registration', { response })
      return data<Told>(answer.ok ? { told: texts.passkeyMade } : { fault: texts.passkeyFailed })
    }
    case 'senha':
      return changedPassword(args, text('atual'), text('nova'))
    case 'ligar-codigos':
      return begunTotp(args, text('senha'))
    case 'confirmar-codigos': {
      const answer = await ask(args, 'POST', '/auth/two-factor/verify-totp', {
        code: text('codigo').replace(/\D/g, ''),
      })
      return data<Told>(answer.ok ? { told: texts.totpOn } : { faultOfTotp: account.second.refused }, {
        headers: answer.cookies,
      })
    }
    case 'desligar-codigos': {
      const answer = await ask(args, 'POST', '/auth/two-factor/disable', { password: text('senha') })
      return data<Told>(answer.ok ? {} : { faultOfTotp: texts.wrong }, { headers: answer.cookies })
    }
    default:
      throw new Response(null, { status: 422 })
  }
}

async function changedPassword(args: ActionFunctionArgs, current_password: string, password: string) {
  const answer = await ask(args, 'POST', '/auth/change-password', { current_password, password })
  if (answer.ok) return data<Told>({ told: texts.changed }, { headers: answer.cookies })
  const isWeak = answer.errors.some(({ path }) => path.endsWith('/password'))
  return data<Told>(isWeak ? { faultOfPassword: texts.weak } : { faultOfCurrent: texts.wrong }, {
    status: answer.status,
  })
}

async function begunTotp(args: ActionFunctionArgs, password: string) {
  const answer = await ask(args, 'POST', '/auth/two-factor/enable', { password })
  if (!answer.ok) return data<Told>({ faultOfTotp: texts.wrong }, { status: answer.status })
  const { totp_uri, backup_codes } = answer.content as { totp_uri: string; backup_codes: readonly string[] }
  return data<Told>({ totp: { qr: qrSvg(totp_uri), codes: backup_codes } }, { headers: answer.cookies })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Security() {
  const told: Told = useActionData<typeof action>() ?? {}
  return (
    <>
      <h1>{texts.title}</h1>
      {told.told && (
        <div role="status" className="mt-5">
          <Note tone="good" icon="check">
            {told.told}
          </Note>
        </div>
      )}
      {told.fault && (
        <div role="alert" className="mt-5">
          <Note tone="bad" icon="warning">
            {told.fault}
          </Note>
        </div>
      )}
      <div className="mt-6 grid gap-4 lg:gap-6">
        <Sessions />
        <ChangePassword told={told} />
        <Passkeys />
        <Totp told={told} />
      </div>
    </>
  )
}

const PANEL = 'panel p-5 lg:p-7'
const HEAD = 'mb-3 text-xl lg:text-[22px]'

function Sessions() {
  const { sessions } = useLoaderData<typeof loader>()
  return (
    <section className={PANEL}>
      <h2 className={HEAD}>{texts.sessions}</h2>
      <ul>
        {sessions.map(({ id, browser, created_at, current }) => (
          <li
            key={id}
            className="flex flex-wrap items-center justify-between gap-3 border-t border-line py-3 first:border-0"
          >
            <span>
              <b className="font-semibold">{browser || texts.unknown}</b>{' '}
              {current && <Tag tone="good">{texts.current}</Tag>}
              <br />
              <span className="text-sm text-muted">{texts.since(dayAndHour(created_at))}</span>
            </span>
            {!current && <Ask wish="encerrar" id={id} verb={texts.end} />}
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <div className="mt-3">
          <Ask wish="encerrar-outras" id="" verb={texts.endOthers} />
        </div>
      )}
    </section>
  )
}

/** A form of one button. */
function Ask({ wish, id, verb }: { readonly wish: string; readonly id: string; readonly verb: string }) {
  return (
    <Form method="post">
      <input type="hidden" name="quer" value={wish} />
      <input type="hidden" name="id" value={id} />
      <Button kind="plain" size="small">
        {verb}
      </Button>
    </Form>
  )
}

function ChangePassword({ told }: { readonly told: Told }) {
  return (
    <section className={PANEL}>
      <h2 className={HEAD}>{texts.password}</h2>
      <Form method="post" className="grid max-w-[420px] gap-4">
        <input type="hidden" name="quer" value="senha" />
        <Field
          label={texts.current_password}
          name="atual"
          type="password"
          required
          autoComplete="current-password"
          fault={told.faultOfCurrent}
        />
        <Field
          label={texts.fresh}
          name="nova"
          type="password"
          required
          minLength={10}
          autoComplete="new-password"
          hint={account.signUp.passwordHint}
          fault={told.faultOfPassword}
        />
        <div>
          <Button kind="plain">{texts.change}</Button>
        </div>
      </Form>
    </section>
  )
}

function Passkeys() {
  const { passkeys } = useLoaderData<typeof loader>()
  return (
    <section className={PANEL}>
      <h2 className={HEAD}>{texts.passkeys}</h2>
      <p className="text-muted">{texts.passkeysHelp}</p>
      <ul className="mt-2">
        {passkeys.map(({ id, created_at }) => (
          <li key={id} className="flex items-center justify-between gap-3 border-t border-line py-3 first:border-0">
            {created_at ? texts.made(dayAndHour(created_at)) : texts.unknown}
            <Ask wish="remover-chave" id={id} verb={texts.remove} />
          </li>
        ))}
      </ul>
      <NewPasskey />
    </section>
  )
}

function Totp({ told }: { readonly told: Told }) {
  const { hasTotp } = useLoaderData<typeof loader>()
  if (told.totp)
    return (
      <section className={PANEL}>
        <h2 className={HEAD}>{texts.totp}</h2>
        <p>{texts.scan}</p>
        <img
          src={told.totp.qr}
          alt=""
          width={200}
          height={200}
          className="my-4 rounded-control border border-line bg-white p-4"
        />
        <p>{texts.keep}</p>
        <ul className="my-3 grid max-w-[420px] grid-cols-2 gap-1 font-mono text-sm">
          {told.totp.codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <Form method="post" className="grid max-w-[420px] gap-4">
          <input type="hidden" name="quer" value="confirmar-codigos" />
          <Field label={account.second.code} name="codigo" required inputMode="numeric" autoComplete="one-time-code" />
          <div>
            <Button>{texts.confirm}</Button>
          </div>
        </Form>
      </section>
    )
  return (
    <section className={PANEL}>
      <h2 className={HEAD}>{texts.totp}</h2>
      <p className="mb-4 text-muted">{hasTotp ? texts.totpOn : texts.totpOff}</p>
      <Form method="post" className="grid max-w-[420px] gap-4">
        <input type="hidden" name="quer" value={hasTotp ? 'desligar-codigos' : 'ligar-codigos'} />
        <Field
          label={texts.yourPassword}
          name="senha"
          type="password"
          required
          autoComplete="current-password"
          fault={told.faultOfTotp}
        />
        <div>
          <Button kind="plain">{hasTotp ? texts.disable : texts.enable}</Button>
        </div>
      </Form>
    </section>
  )
}
