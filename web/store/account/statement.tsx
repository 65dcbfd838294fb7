/** The account's balance and credit, and every movement. */
import { Link, type LoaderFunctionArgs, type MetaFunction, useLoaderData } from 'react-router'
import { expected } from '../../answers.server.ts'
import { api } from '../../api.server.ts'
import { dayAndHour, exactMoney } from '../../formats.ts'
import { expectCustomer } from '../../session.server.ts'
import { account } from '../../texts/account.pt-br.ts'
import { Price } from '../../ui/price.tsx'

const texts = account.statement

export async function loader(args: LoaderFunctionArgs) {
  const { id } = await expectCustomer(args)
  const cursor = new URL(args.request.url).searchParams.get('apos') ?? undefined
  const client = api(args)
  const [customer, statement] = await Promise.all([
    client.getCustomer({ path: { id } }).then(expected),
    client.getCustomerStatement({ path: { id }, query: { limit: 50, ...(cursor && { cursor }) } }).then(expected),
  ])
  const { account_balance, credit_limit, used_credit, available_credit } = customer
  return { account_balance, credit_limit, used_credit, available_credit, ...statement }
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Statement() {
  const { account_balance, available_credit, credit_limit, used_credit, entries, next_cursor } =
    useLoaderData<typeof loader>()
  return (
    <>
      <h1>{texts.title}</h1>
      <div className="mt-6 grid gap-4 sm:grid-cols-2">
        <section className="panel p-5 lg:p-7">
          <h2 className="font-sans text-sm font-[550] tracking-normal text-muted">{texts.balance}</h2>
          <Price reais={account_balance} cents className="mt-3 block text-[28px]" />
        </section>
        <section className="panel p-5 lg:p-7">
          <h2 className="font-sans text-sm font-[550] tracking-normal text-muted">{texts.credit}</h2>
          <Price reais={available_credit} cents className="mt-3 block text-[28px]" />
          <p className="mt-2 text-sm text-muted">{texts.limit(exactMoney(credit_limit), exactMoney(used_credit))}</p>
        </section>
      </div>
      <section className="panel mt-4 p-5 lg:p-7">
        <h2 className="mb-4 text-xl lg:text-[22px]">{texts.movements}</h2>
        {entries.length === 0 && <p className="text-muted">{texts.none}</p>}
        <ul>
          {entries.map(({ at, kind, account: which, amount, balance_after, credit_after, transaction_id }) => (
            <li
              key={`${at}${which}${amount}`}
              className="grid grid-cols-[1fr_auto] gap-x-4 border-t border-line py-3.5 text-[15px] first:border-0"
            >
              <span className="font-semibold">
                {texts.kinds[kind] ?? kind}
                <span className="font-normal text-muted"> · {texts.account[which]}</span>
              </span>
              <span className={`text-right font-semibold tabular-nums ${amount < 0 ? '' : 'text-accent-ink'}`}>
                {exactMoney(amount)}
              </span>
              <span className="text-sm text-muted">
                {dayAndHour(at)}
                {transaction_id && (
                  <>
                    {' · '}
                    <Link to={`/compra/${transaction_id}`} className="underline underline-offset-3 hover:text-ink">
                      {texts.purchase}
                    </Link>
                  </>
                )}
              </span>
              <span className="text-right text-sm text-muted tabular-nums">
                {texts.after} {exactMoney(which === 'balance' ? balance_after : credit_after)}
              </span>
            </li>
          ))}
        </ul>
        {next_cursor && (
          <Link
            to={`?apos=${encodeURIComponent(next_cursor)}`}
            className="mt-4 inline-flex min-h-11 items-center font-semibold text-accent hover:underline"
          >
            {texts.more}
          </Link>
        )}
      </section>
    </>
  )
}
