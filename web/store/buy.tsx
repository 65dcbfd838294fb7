/** The checkout: the car, the price and the way to pay, in a summary where mistakes can be corrected, then one button. */
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
  useNavigation,
} from 'react-router'
import { idTyped } from '#platform/typed-numbers'
import { expected } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { exactMoney, kilometres } from '../formats.ts'
import { expectCustomer } from '../session.server.ts'
import { buy as texts } from '../texts/buy.pt-br.ts'
import { Button } from '../ui/button.tsx'
import { Tick } from '../ui/field.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Price } from '../ui/price.tsx'
import { Note } from '../ui/tag.tsx'
import { settingsOf } from '../visit.server.ts'
import { Picture } from './picture.tsx'
import { nameOf, papersOf, pathOf, versionOf } from './vehicle-facts.ts'

const WAYS = ['pix', 'cash', 'credit'] as const
type Way = (typeof WAYS)[number]
const isWay = (word: unknown): word is Way => (WAYS as readonly unknown[]).includes(word)

export async function loader(args: LoaderFunctionArgs) {
  const { id } = await expectCustomer(args)
  const client = api(args)
  const [customer, vehicle] = await Promise.all([
    client.getCustomer({ path: { id } }).then(expected),
    client.getVehicle({ path: { id: idTyped(args.params.id) } }).then(expected),
  ])
  if (vehicle.status !== 'available') throw redirect(pathOf(vehicle))
  const asked = new URL(args.request.url).searchParams.get('forma')
  return {
    vehicle,
    customer: {
      name: customer.name,
      document: customer.document,
      account_balance: customer.account_balance,
      available_credit: customer.available_credit,
    },
    way: isWay(asked) ? asked : 'pix',
    pixMinutes: settingsOf(args.context).shop.pixMinutes,
    /** The idempotency key of this form: a form that is sent twice buys once. */
    key: randomUUID(),
  }
}

interface Faults {
  readonly way?: string
  readonly papers?: string
  readonly terms?: string
  /** A problem that is no fault of the form. */
  readonly other?: string
}

export async function action(args: ActionFunctionArgs) {
  const { id: customer_id } = await expectCustomer(args)
  const form = await args.request.formData()
  const way = form.get('forma')
  const words = texts.faults
  const faults: Faults = {
    ...(!isWay(way) && { way: words.way }),
    ...(!form.has('papeis') && { papers: words.papers }),
    ...(!form.has('termos') && { terms: words.terms }),
  }
  if (!isWay(way) || faults.papers || faults.terms) return data({ faults }, { status: 422 })

  const shown = Number(form.get('preco'))
  const answer = await api(args).createPurchase({
    header: { 'idempotency-key': String(form.get('chave')) },
    body: { customer_id, vehicle_id: idTyped(args.params.id), payment_type: way, expected_price: shown },
  })
  if (answer.ok) throw redirect(`/compra/${answer.data.transaction_id}`, 303)
  return data({ faults: { other: whyNot(answer.problem, shown) } }, { status: answer.status })
}

/** `price`: the vehicle's present price, when it has changed. */
function whyNot(problem: { readonly name: string; readonly price?: unknown }, shown: number): string {
  if (problem.name === 'price_changed' && typeof problem.price === 'number') return texts.moved(shown, problem.price)
  const refused: Readonly<Record<string, string>> = texts.refused
  return refused[problem.name] ?? texts.refused.other
}

export const meta: MetaFunction<typeof loader> = ({ loaderData }) => [
  { title: loaderData ? texts.of(nameOf(loaderData.vehicle)) : texts.title },
  { name: 'robots', content: 'noindex' },
]

export default function Buy() {
  const { vehicle, customer, key } = useLoaderData<typeof loader>()
  const faults: Faults = useActionData<typeof action>()?.faults ?? {}
  return (
    <Form method="post" className="page pt-5 pb-16 lg:pt-8">
      <input type="hidden" name="chave" value={key} />
      <input type="hidden" name="preco" value={vehicle.price} />
      <Steps />
      <div className="mt-4 grid gap-6 lg:grid-cols-[minmax(0,1fr)_416px] lg:items-start lg:gap-12">
        <div className="grid gap-6">
          <div>
            <h1>{texts.title}</h1>
            <p className="mt-2 text-muted">{texts.intro}</p>
          </div>
          {faults.other && (
            <div role="alert">
              <Note tone="bad" icon="warning">
                {faults.other}
              </Note>
            </div>
          )}
          <Ways fault={faults.way} />
          <Before faults={faults} />
        </div>
        <Summary customer={customer} />
      </div>
    </Form>
  )
}

function Steps() {
  return (
    <ol className="flex flex-wrap items-center gap-3 text-sm font-[550] text-muted">
      {texts.steps.map((name, index) => (
        <li
          key={name}
          aria-current={index === 0 ? 'step' : undefined}
          className="flex items-center gap-3 before:h-px before:w-6 before:bg-edge first:before:hidden aria-[current=step]:font-[650] aria-[current=step]:text-ink"
        >
          {index + 1}. {name}
        </li>
      ))}
    </ol>
  )
}

const ICONS: Readonly<Record<Way, IconName>> = { pix: 'pix', cash: 'wallet', credit: 'card' }

function Ways({ fault }: { readonly fault: string | undefined }) {
  const { vehicle, customer, way, pixMinutes } = useLoaderData<typeof loader>()
  const words = texts
  const missing = (has: number) => exactMoney(vehicle.price - has)
  const told: Readonly<Record<Way, readonly [boolean, string]>> = {
    pix: [true, words.pixHelp(pixMinutes)],
    cash:
      customer.account_balance >= vehicle.price
        ? [true, words.cashHelp(exactMoney(customer.account_balance))]
        : [false, words.cashShort(exactMoney(customer.account_balance), missing(customer.account_balance))],
    credit:
      customer.available_credit >= vehicle.price
        ? [true, words.creditHelp(exactMoney(customer.available_credit))]
        : [
            false,
            customer.available_credit > 0
              ? words.creditShort(exactMoney(customer.available_credit), missing(customer.available_credit))
              : words.creditNone,
          ],
  }
  return (
    <fieldset className="panel px-5 lg:px-7" aria-invalid={fault ? true : undefined}>
      <legend className="sr-only">{words.title}</legend>
      {fault && <p className="pt-4 text-sm font-[550] text-red">{fault}</p>}
      {WAYS.map((one) => {
        const [isPossible, help] = told[one]
        return (
          <label
            key={one}
            className="grid grid-cols-[44px_1fr_auto] items-center gap-x-4 border-t border-line py-5 first-of-type:border-0 has-disabled:cursor-default"
          >
            <span
              className={`row-span-2 grid size-11 place-items-center self-start rounded-control ${one === 'pix' ? 'bg-pix-tint text-pix' : 'bg-sunken'}`}
            >
              <Icon name={ICONS[one]} />
            </span>
            <span className={`font-[650] ${isPossible ? '' : 'text-muted'}`}>{words[one]}</span>
            <input
              type="radio"
              name="forma"
              value={one}
              required
              disabled={!isPossible}
              defaultChecked={isPossible && one === (told[way][0] ? way : 'pix')}
            />
            <span className="col-start-2 text-sm text-muted">{help}</span>
          </label>
        )
      })}
    </fieldset>
  )
}

function Before({ faults }: { readonly faults: Faults }) {
  const { vehicle } = useLoaderData<typeof loader>()
  const words = texts
  const hasBad = papersOf(vehicle).some(({ verdict }) => verdict !== 'good')
  const [readBefore, papers, readAfter] = words.papers
  const [takeBefore, terms, takeAfter] = words.terms
  return (
    <section className="panel p-5 lg:p-7">
      <h2>{words.before}</h2>
      <div className="mt-3 mb-4">
        <Tick name="papeis" required fault={faults.papers}>
          {readBefore}
          <a
            href={`${pathOf(vehicle)}#papeis`}
            target="_blank"
            rel="noreferrer"
            className="font-semibold text-accent underline underline-offset-3"
          >
            {papers}
          </a>
          {readAfter}
          {hasBad && <b className="font-semibold text-amber-ink">{words.papersBad}</b>}
        </Tick>
        <Tick name="termos" required fault={faults.terms}>
          {takeBefore}
          <a
            href="/termos"
            target="_blank"
            rel="noreferrer"
            className="font-semibold text-accent underline underline-offset-3"
          >
            {terms}
          </a>
          {takeAfter}
        </Tick>
      </div>
      <Note tone="good" icon="back">
        <b className="font-semibold">{words.withdrawal}</b> {words.withdrawalHelp}
      </Note>
    </section>
  )
}

function Summary({ customer }: { readonly customer: { readonly name: string; readonly document: string } }) {
  const { vehicle } = useLoaderData<typeof loader>()
  const { state, formData } = useNavigation()
  const words = texts
  const sent = formData?.get('forma')
  const facts = [versionOf(vehicle), vehicle.year, vehicle.mileage_km !== undefined && kilometres(vehicle.mileage_km)]
  return (
    <section className="panel p-5 lg:sticky lg:top-6 lg:p-7">
      <h2 className="text-xl lg:text-[22px]">{words.summary}</h2>
      <div className="mt-4 flex items-center gap-4 border-b border-line pb-4">
        <div className="w-28 flex-none overflow-hidden rounded-control">
          <Picture vehicle={vehicle} sizes="112px" eager />
        </div>
        <p className="min-w-0">
          <b className="font-[650]">{nameOf(vehicle)}</b>
          <br />
          <span className="text-sm text-muted">{facts.filter(Boolean).join(' · ')}</span>
        </p>
      </div>
      <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-3 border-b border-line py-4 text-[15px]">
        <dt>{words.buyer}</dt>
        <dd className="text-right">
          <b className="font-semibold">{customer.name}</b>
          <br />
          <span className="text-sm text-muted">{customer.document}</span>
        </dd>
        <dt>{words.price}</dt>
        <dd className="font-semibold tabular-nums">{exactMoney(vehicle.price)}</dd>
        <dt>{words.fees}</dt>
        <dd className="text-right font-semibold">{words.noFees}</dd>
      </dl>
      <p className="pt-4 font-semibold">{words.total}</p>
      <Price reais={vehicle.price} cents className="mt-1.5 mb-5 block text-[32px]" />
      <Button size="big" wide busy={state === 'submitting' && (isWay(sent) ? words.busy[sent] : words.busy.pix)}>
        {words.pay}
      </Button>
      <p className="mt-4 text-sm text-muted">
        {words.correct}{' '}
        <Link to="/conta/dados" className="font-semibold text-accent underline underline-offset-3">
          {words.correctLink}
        </Link>
      </p>
    </section>
  )
}
