/** Customers: all of them, masked, or those of a name, a whole document or e-mail. What is typed is in no address. */
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  type MetaFunction,
  useActionData,
  useLoaderData,
  useNavigation,
} from 'react-router'
import type { ListedCustomer } from '../../clients/typescript/operations.ts'
import { expected } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { day, exactAmount } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { customers as texts } from '../texts/office-people.pt-br.ts'
import { newCustomer } from '../texts/office-rights.pt-br.ts'
import { Entry } from './fields.tsx'
import { findCustomers } from './find-customers.server.ts'
import { Nothing, Older, PageHead, Panel, press, State, Told } from './parts.tsx'

const PAGE = 50
const STATES = ['active', 'blocked', 'erased'] as const

export async function loader(args: LoaderFunctionArgs) {
  await expectStaff(args)
  const { searchParams } = new URL(args.request.url)
  const status = STATES.find((one) => one === searchParams.get('estado'))
  const cursor = searchParams.get('apos') ?? undefined
  const query = { limit: PAGE, ...(status && { status }), ...(cursor && { cursor }) }
  const { customers, total, next_cursor } = expected(await api(args).listCustomers({ query }))
  searchParams.delete('apos')
  const older = next_cursor ? `?${new URLSearchParams([...searchParams, ['apos', next_cursor]])}` : null
  return { customers, total, status, older }
}

/** A search is a post: a document in an address would stay in histories and logs. */
export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const typed = String((await args.request.formData()).get('quem') ?? '').trim()
  const { found, fault } = await findCustomers(api(args), typed)
  if (found) return { found }
  const isPaced = fault === 'too_many_customers_read'
  return data({ fault: isPaced ? texts.tooMany : texts.unread }, { status: isPaced ? 429 : 422 })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Customers() {
  const { customers, total, status, older } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const found = answer && 'found' in answer ? answer.found : undefined
  const fault = answer && 'fault' in answer ? answer.fault : undefined
  const { state } = useNavigation()
  return (
    <>
      <PageHead title={texts.title} about={found ? texts.found(found.length) : texts.total(total)}>
        <Link to="/painel/clientes/novo" className={press('main')}>
          {newCustomer.title}
        </Link>
      </PageHead>
      <Form method="post" role="search" aria-label={texts.title} className="mb-4 flex flex-wrap items-start gap-2">
        <div className="min-w-60 flex-1 sm:max-w-96">
          <Entry name="quem" label={texts.search} hint={texts.searchHint} fault={fault} required autoComplete="off" />
        </div>
        <button type="submit" className={`${press('plain')} mt-5`} aria-disabled={state !== 'idle'}>
          {texts.find}
        </button>
      </Form>
      {!found && (
        <nav aria-label={texts.filter} className="mb-4 flex flex-wrap gap-2">
          {[undefined, ...STATES].map((one) => (
            <Link
              key={one ?? ''}
              to={one ? `?estado=${one}` : '?'}
              aria-current={status === one}
              className="inline-flex min-h-8 items-center rounded-[6px] border border-line bg-surface px-2.5 hover:border-edge aria-[current=true]:border-transparent aria-[current=true]:bg-accent-tint aria-[current=true]:font-semibold aria-[current=true]:text-accent-ink"
            >
              {one ? texts.states[one] : texts.all}
            </Link>
          ))}
        </nav>
      )}
      {found?.length === 0 && <Told tone="warn">{texts.none}</Told>}
      <Panel flush>
        <Rows customers={found ?? customers} />
        {!found && <Older to={older} />}
      </Panel>
    </>
  )
}

function Rows({ customers }: { readonly customers: readonly ListedCustomer[] }) {
  const words = texts.columns
  if (customers.length === 0) return <Nothing>{texts.none}</Nothing>
  return (
    <table className="w-full">
      <thead>
        <tr>
          <th>{words.name}</th>
          <th className="max-sm:hidden">{words.document}</th>
          <th className="max-lg:hidden">{words.contact}</th>
          <th className="number max-md:hidden">{words.balance}</th>
          <th className="number max-md:hidden">{words.credit}</th>
          <th className="number">{words.since}</th>
        </tr>
      </thead>
      <tbody>
        {customers.map((one) => {
          const [state, word] = texts.state[one.status]
          return (
            <tr key={one.id}>
              <td>
                <Link to={`/painel/clientes/${one.id}`} className="block font-semibold hover:underline">
                  {one.name}
                </Link>
                {one.status !== 'active' && <State name={state}>{word}</State>}
              </td>
              <td className="whitespace-nowrap text-muted max-sm:hidden">{covered(one.document)}</td>
              <td className="text-muted max-lg:hidden">
                {one.email && covered(one.email)}
                <span className="block text-xs">{covered(one.phone)}</span>
              </td>
              <td className="number max-md:hidden">{exactAmount(one.account_balance)}</td>
              <td className="number max-md:hidden">{exactAmount(one.available_credit)}</td>
              <td className="number text-muted">{day(one.created_at)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

const covered = (text: string): string => text.replaceAll('*', '•')
