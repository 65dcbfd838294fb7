/**
 * The team: an admin invites people, gives them a role, lends them a limit for some days, and ends their access with their
 * work handed over.
 */
import { randomUUID } from 'node:crypto'
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import type { StaffMember } from '../../clients/typescript/operations.ts'
import { expected } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { day } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { office } from '../texts/office.pt-br.ts'
import { settings } from '../texts/office-settings.pt-br.ts'
import { team as texts } from '../texts/office-team.pt-br.ts'
import { Act } from './act.tsx'
import { Entry, Pick } from './fields.tsx'
import { PageHead, Panel, press, State, Told } from './parts.tsx'
import { isAdmin } from './rights.ts'
import { act } from './team-acts.server.ts'
import { Toast } from './toast.tsx'

export async function loader(args: LoaderFunctionArgs) {
  const person = await expectStaff(args)
  if (!isAdmin(person)) throw new Response(null, { status: 404 })
  const { staff } = expected(await api(args).getStaff())
  // the form is emptied once what it asked was done
  return {
    staff,
    me: person.account_id,
    key: randomUUID(),
    done: new URL(args.request.url).searchParams.get('feito') ?? '',
  }
}

export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const outcome = await act(api(args), await args.request.formData())
  if (outcome.done) throw redirect(`/painel/equipe?feito=${outcome.done}`, 303)
  return data({ fault: texts.faults[outcome.refused ?? 'other'] ?? texts.faults.other }, { status: 409 })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Team() {
  const { staff, done, key } = useLoaderData<typeof loader>()
  const fault = useActionData<typeof action>()?.fault
  const active = staff.filter(({ deactivated_at }) => deactivated_at === null)
  return (
    <>
      <PageHead title={texts.title} about={texts.total(active.length)}>
        <Link to="/painel/configuracao" className={press()}>
          {settings.title}
        </Link>
      </PageHead>
      {fault && <Told tone="bad">{fault}</Told>}
      {!fault && texts.done[done] && <Toast key={done}>{texts.done[done]}</Toast>}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-[minmax(0,1fr)_332px] xl:items-start">
        <Panel title={texts.who} flush>
          <ul>
            {staff.map((one) => (
              <Member key={one.account_id} one={one} others={active} />
            ))}
          </ul>
        </Panel>
        <Panel key={key} title={texts.more} flush>
          <Act act="convidar" kind="main" words={texts.invite}>
            <Entry name="nome" label={texts.invite.name} required minLength={3} maxLength={100} autoComplete="off" />
            <Entry name="email" type="email" label={texts.invite.email} required autoComplete="off" />
            <Role />
            <Entry name="cpf" label={texts.invite.document} hint={texts.invite.documentHint} autoComplete="off" />
          </Act>
        </Panel>
      </div>
    </>
  )
}

function Role({ one }: { readonly one?: StaffMember }) {
  return (
    <Pick name="funcao" label={texts.role} defaultValue={one ? (one.scope ?? 'admin') : 'seller'}>
      {(['seller', 'operator', 'admin'] as const).map((role) => (
        <option key={role} value={role}>
          {texts.roles[role]}
        </option>
      ))}
    </Pick>
  )
}

function Member({ one, others }: { readonly one: StaffMember; readonly others: readonly StaffMember[] }) {
  const { me } = useLoaderData<typeof loader>()
  const { account_id, name, email, role, scope, lent, discount_limit, has_second_factor, created_at, deactivated_at } =
    one
  const limit = lent?.discount_limit ?? discount_limit
  const isOpen = deactivated_at === null && account_id !== me
  return (
    <li className="border-b border-line px-4 py-3 last:border-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h3>{name ?? email}</h3>
        {deactivated_at ? (
          <State name="ended">{texts.left(day(deactivated_at))}</State>
        ) : (
          <span className="text-muted">{office.roles[role === 'admin' ? 'admin' : (scope ?? 'operator')]}</span>
        )}
      </div>
      <p className="text-xs text-muted">
        {[
          email,
          texts.since(day(created_at)),
          has_second_factor ? texts.secondFactor : texts.noSecondFactor,
          limit !== null && limit !== undefined && texts.limit(limit, lent ? day(lent.until) : undefined),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {isOpen && <Decide one={one} others={others.filter((other) => other.account_id !== account_id)} />}
    </li>
  )
}

function Decide({ one, others }: { readonly one: StaffMember; readonly others: readonly StaffMember[] }) {
  const words = texts.change
  const hidden = <input type="hidden" name="conta" value={one.account_id} />
  const because = <Entry name="motivo" label={words.reason} required minLength={5} maxLength={200} autoComplete="off" />
  return (
    <details className="mt-1">
      <summary className="inline-flex min-h-8 items-center font-semibold text-accent">{words.open}</summary>
      <div className="mt-2 grid gap-4 lg:grid-cols-3">
        <Form method="post" className="grid content-start gap-2">
          {hidden}
          <Role one={one} />
          {because}
          <button type="submit" name="ato" value="mudar" className={press('plain')}>
            {words.role}
          </button>
        </Form>
        <Form method="post" className="grid content-start gap-2">
          {hidden}
          <Entry name="limite" label={words.limit} inputMode="numeric" required autoComplete="off" />
          <Entry name="ate" type="date" label={words.until} required />
          {because}
          <button type="submit" name="ato" value="emprestar" className={press('plain')}>
            {words.lend}
          </button>
        </Form>
        <Form method="post" className="grid content-start gap-2">
          {hidden}
          <Pick name="para" label={words.handOver} hint={words.handOverHint}>
            {others.map(({ account_id, name, email }) => (
              <option key={account_id} value={account_id}>
                {name ?? email}
              </option>
            ))}
          </Pick>
          {because}
          <button type="submit" name="ato" value="desligar" className={press('danger')}>
            {words.deactivate}
          </button>
        </Form>
      </div>
    </details>
  )
}
