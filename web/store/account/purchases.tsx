/** A customer's purchases: finished, under way, and failed. */
import { Link, type LoaderFunctionArgs, type MetaFunction, useLoaderData } from 'react-router'
import type { Saga } from '../../../clients/typescript/operations.ts'
import { expected } from '../../answers.server.ts'
import { api } from '../../api.server.ts'
import { dayAndHour } from '../../formats.ts'
import { expectCustomer } from '../../session.server.ts'
import { account } from '../../texts/account.pt-br.ts'
import { LinkButton } from '../../ui/button.tsx'
import { Price } from '../../ui/price.tsx'
import { Tag } from '../../ui/tag.tsx'
import { Picture } from '../picture.tsx'
import { endingOf } from '../purchase-story.ts'
import { nameOf } from '../vehicle-facts.ts'

const texts = account.purchases
const PAGE = 20

export async function loader(args: LoaderFunctionArgs) {
  const { id } = await expectCustomer(args)
  const cursor = new URL(args.request.url).searchParams.get('apos') ?? undefined
  const client = api(args)
  const query = { kind: 'purchase' as const, customer_id: id, limit: PAGE, ...(cursor && { cursor }) }
  const { sagas, next_cursor } = expected(await client.listSagaStates({ query }))
  return { sagas, next_cursor }
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Purchases() {
  const { sagas, next_cursor } = useLoaderData<typeof loader>()
  return (
    <>
      <h1>{texts.title}</h1>
      {sagas.length === 0 && (
        <div className="mt-6">
          <p className="mb-5 text-muted">{texts.none}</p>
          <LinkButton to="/carros">{texts.look}</LinkButton>
        </div>
      )}
      <ul className="mt-6 grid gap-4">
        {sagas.map((saga) => (
          <li key={saga.transaction_id}>
            <Row saga={saga} />
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

function Row({ saga }: { readonly saga: Saga }) {
  const isPix = endingOf(saga) === 'waiting_for_pix'
  const [state, tone, verb] = isPix ? texts.pix : texts.states[saga.status]
  const bought = { brand: saga.context.vehicle_brand, model: saga.context.vehicle_model }
  return (
    <article className="panel grid grid-cols-[96px_1fr] items-center gap-x-4 gap-y-3 p-4 lg:grid-cols-[136px_1fr_auto_184px] lg:gap-6 lg:pr-6">
      <div className="overflow-hidden rounded-control">
        <Picture vehicle={bought} sizes="136px" />
      </div>
      <div className="min-w-0">
        <Tag tone={tone}>{state}</Tag>
        <h2 className="mt-1.5 truncate font-sans text-base leading-snug font-[650] tracking-normal">
          {nameOf(bought)} {saga.context.vehicle_year}
        </h2>
        <p className="text-sm text-muted">{dayAndHour(saga.created_at)}</p>
      </div>
      <Price reais={saga.amount} className="text-[22px] max-lg:col-start-2" />
      <div className="max-lg:col-span-2">
        <LinkButton to={`/compra/${saga.transaction_id}`} kind={isPix ? 'main' : 'plain'} size="small" wide>
          {verb}
        </LinkButton>
      </div>
    </article>
  )
}
