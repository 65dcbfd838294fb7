/** A customer's returns: finished, and under way. */
import { Link, type LoaderFunctionArgs, type MetaFunction, useLoaderData } from 'react-router'
import type { Return, Saga } from '../../../clients/typescript/operations.ts'
import { expected, orElse } from '../../answers.server.ts'
import { api } from '../../api.server.ts'
import { day } from '../../formats.ts'
import { expectCustomer } from '../../session.server.ts'
import { giveBack } from '../../texts/return.pt-br.ts'
import { LinkButton } from '../../ui/button.tsx'
import { Price } from '../../ui/price.tsx'
import { Tag } from '../../ui/tag.tsx'
import { Picture } from '../picture.tsx'
import { nameOf } from '../vehicle-facts.ts'

const texts = giveBack.list
const PAGE = 20

interface Row extends Return {
  readonly saga: Saga | undefined
}

export async function loader(args: LoaderFunctionArgs) {
  await expectCustomer(args)
  const cursor = new URL(args.request.url).searchParams.get('apos') ?? undefined
  const client = api(args)
  const { returns, next_cursor } = expected(
    await client.listReturns({ query: { limit: PAGE, ...(cursor && { cursor }) } }),
  )
  const rows = await Promise.all(
    returns.map(async (one): Promise<Row> => {
      const found = await orElse(client.getSagaState({ path: { transaction_id: one.return_id } }), undefined)
      return { ...one, saga: found?.ok ? found.data : undefined }
    }),
  )
  return { rows, next_cursor }
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Returns() {
  const { rows, next_cursor } = useLoaderData<typeof loader>()
  return (
    <>
      <h1>{texts.title}</h1>
      {rows.length === 0 && (
        <div className="mt-6 max-w-[60ch]">
          <p className="mb-5 text-muted">{texts.none}</p>
          <LinkButton to="/conta">{texts.purchases}</LinkButton>
        </div>
      )}
      <ul className="mt-6 grid gap-4">
        {rows.map((row) => (
          <li key={row.return_id}>
            <Card row={row} />
          </li>
        ))}
      </ul>
      {next_cursor && (
        <Link
          to={`?apos=${encodeURIComponent(next_cursor)}`}
          className="mt-6 inline-flex min-h-11 items-center font-semibold text-accent hover:underline"
        >
          {texts.more}
        </Link>
      )}
    </>
  )
}

function Card({ row: { return_id, status, asked_at, received_at, saga } }: { readonly row: Row }) {
  const [state, tone] = texts.states[status]
  const { vehicle_brand: brand = '', vehicle_model: model = '' } = saga?.context ?? {}
  return (
    <article className="panel grid grid-cols-[96px_1fr] items-center gap-x-4 gap-y-3 p-4 lg:grid-cols-[136px_1fr_auto_184px] lg:gap-6 lg:pr-6">
      <div className="overflow-hidden rounded-control">
        <Picture vehicle={{ brand, model }} sizes="136px" />
      </div>
      <div className="min-w-0">
        <Tag tone={tone}>{state}</Tag>
        <h2 className="mt-1.5 truncate font-sans text-base leading-snug font-[650] tracking-normal">
          {nameOf({ brand, model })} {saga?.context.vehicle_year}
        </h2>
        <p className="text-sm text-muted">
          {received_at ? texts.received(day(received_at)) : texts.asked(day(asked_at))}
        </p>
      </div>
      {saga && <Price reais={saga.amount} className="text-[22px] max-lg:col-start-2" />}
      <div className="max-lg:col-span-2">
        <LinkButton to={`/devolucao/${return_id}`} kind={status === 'open' ? 'main' : 'plain'} size="small" wide>
          {texts.follow}
        </LinkButton>
      </div>
    </article>
  )
}
