/**
 * The data held about a person, with purpose and duration, and the ways to correct it, consent, see who read it, copy and
 * erase it.
 */
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
import { expected, orElse } from '../../answers.server.ts'
import { api } from '../../api.server.ts'
import { dayAndHour, lasting } from '../../formats.ts'
import { expectCustomer, forget } from '../../session.server.ts'
import { account } from '../../texts/account.pt-br.ts'
import { contact } from '../../texts/contact.pt-br.ts'
import { Button } from '../../ui/button.tsx'
import { Choice, Field } from '../../ui/field.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { Note } from '../../ui/tag.tsx'

const texts = account.data
const STATES = [
  'AC',
  'AL',
  'AM',
  'AP',
  'BA',
  'CE',
  'DF',
  'ES',
  'GO',
  'MA',
  'MG',
  'MS',
  'MT',
  'PA',
  'PB',
  'PE',
  'PI',
  'PR',
  'RJ',
  'RN',
  'RO',
  'RR',
  'RS',
  'SC',
  'SE',
  'SP',
  'TO',
] as const
const PURPOSES = Object.keys(texts.consentNames) as (keyof typeof texts.consentNames)[]

export async function loader(args: LoaderFunctionArgs) {
  const { id } = await expectCustomer(args)
  const client = api(args)
  const path = { id }
  const [customer, summary, consents, sharing] = await Promise.all([
    client.getCustomer({ path }).then(expected),
    client.getCustomerPersonalDataSummary({ path }).then(expected),
    client.listCustomerConsents({ path }).then(expected),
    orElse(client.getCustomerSharing({ path }).then(expected), undefined),
  ])
  const { name, email, phone, address } = customer
  return {
    ...{ name, email, phone, address },
    categories: summary.categories,
    given: consents.consents.filter(({ given }) => given).map(({ purpose }) => purpose),
    shared: sharing?.shared_with ?? [],
  }
}

export async function action(args: ActionFunctionArgs) {
  const { id } = await expectCustomer(args)
  const client = api(args)
  const form = await args.request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  if (form.has('autorizacoes')) {
    const consents = Object.fromEntries(PURPOSES.map((purpose) => [purpose, form.has(purpose)]))
    expected(await client.updateCustomerConsents({ path: { id }, body: { consents } }))
    return data({ saved: true, faults: {} as Record<string, string> })
  }
  const answer = await client.updateCustomer({
    path: { id },
    body: { name: text('name'), phone: text('phone'), ...addressIn(text) },
  })
  forget(args)
  if (answer.ok) return data({ saved: true, faults: {} as Record<string, string> })
  const faults = Object.fromEntries(
    (answer.problem.errors ?? []).map(({ path }) => [path.split('/').at(-1) ?? '', texts.fault]),
  )
  return data({ saved: false, faults }, { status: answer.status })
}

/** Whole or not at all. */
function addressIn(text: (name: string) => string) {
  const state = STATES.find((one) => one === text('state'))
  if (!text('postal_code') || !state) return {}
  const complement = text('complement')
  const [postal_code, street, number, district, city] = ['postal_code', 'street', 'number', 'district', 'city'].map(
    text,
  ) as [string, string, string, string, string]
  return { address: { postal_code, street, number, district, city, state, ...(complement && { complement }) } }
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function PersonalData() {
  const answer = useActionData<typeof action>()
  return (
    <>
      <h1>{texts.title}</h1>
      <p className="mt-2 max-w-[60ch] text-muted">{texts.intro}</p>
      {answer?.saved && (
        <div role="status" className="mt-5">
          <Note tone="good" icon="check">
            {texts.saved}
          </Note>
        </div>
      )}
      <div className="mt-6 grid gap-4 lg:gap-6">
        <Held />
        <Correction faults={answer?.faults ?? {}} />
        <div className="grid gap-4 lg:grid-cols-2 lg:gap-6">
          <Consents />
          <Requests />
        </div>
        <Shared />
      </div>
    </>
  )
}

function Held() {
  const { categories } = useLoaderData<typeof loader>()
  const [what, forWhat, until] = texts.table
  return (
    <section className="panel p-5 lg:p-7">
      <table className="w-full text-[15px] max-sm:block">
        <thead className="max-sm:sr-only">
          <tr className="text-left text-sm text-muted">
            <th className="pr-4 pb-2.5 font-[550]">{what}</th>
            <th className="pr-4 pb-2.5 font-[550]">{forWhat}</th>
            <th className="pb-2.5 font-[550]">{until}</th>
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {categories.map(({ category, purpose, kept }) => {
            const [name, why] = texts.categories[category] ?? [category, purpose]
            return (
              <tr
                key={category + purpose}
                className="border-t border-line align-top max-sm:block max-sm:py-3 max-sm:first:border-0"
              >
                <td className="py-3.5 pr-4 font-semibold max-sm:block max-sm:py-0">{name}</td>
                <td className="py-3.5 pr-4 max-sm:block max-sm:py-0 max-sm:text-sm max-sm:text-muted">{why}</td>
                <td className="py-3.5 max-sm:block max-sm:py-0 max-sm:text-sm max-sm:text-muted">
                  {keptInWords(kept)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

/** The inventory tells its periods in days and English. */
function keptInWords(kept: string): string {
  const times = [...kept.matchAll(/(\d+) days/g)].map(([, days]) => lasting(Number(days)))
  if (kept.startsWith('for good')) return texts.kept.forGood
  if (times.length === 0) return texts.kept.untilErasure
  if (kept.startsWith('until erasure')) return texts.kept.idle(times[0] ?? '')
  return texts.kept.after([...new Set(times)].join(', '))
}

function Correction({ faults }: { readonly faults: Readonly<Record<string, string>> }) {
  const { name, email, phone, address } = useLoaderData<typeof loader>()
  const { state, formData } = useNavigation()
  const isSaving = state === 'submitting' && formData?.has('name')
  const fault = (field: string) => faults[field]
  return (
    <section className="panel p-5 lg:p-7">
      <h2 className="mb-4 text-xl lg:text-[22px]">{texts.correct}</h2>
      <Form method="post" className="grid gap-4 sm:grid-cols-6">
        <div className="sm:col-span-6">
          <Field
            label={texts.name}
            name="name"
            required
            minLength={3}
            autoComplete="name"
            defaultValue={name}
            fault={fault('name')}
          />
        </div>
        <div className="sm:col-span-3">
          <Field label={texts.email} type="email" readOnly defaultValue={email ?? ''} />
          <Link to="/conta/email" className="mt-1.5 inline-block text-sm underline underline-offset-3">
            {contact.email.change}
          </Link>
        </div>
        <div className="sm:col-span-3">
          <Field
            label={texts.phone}
            name="phone"
            type="tel"
            required
            autoComplete="tel"
            defaultValue={phone}
            fault={fault('phone')}
          />
        </div>
        <h3 className="sm:col-span-6">{texts.address}</h3>
        <div className="sm:col-span-2">
          <Field
            label={texts.postal}
            name="postal_code"
            autoComplete="postal-code"
            inputMode="numeric"
            defaultValue={address?.postal_code}
            fault={fault('postal_code')}
          />
        </div>
        <div className="sm:col-span-3">
          <Field
            label={texts.street}
            name="street"
            autoComplete="address-line1"
            defaultValue={address?.street}
            fault={fault('street')}
          />
        </div>
        <Field label={texts.number} name="number" defaultValue={address?.number} fault={fault('number')} />
        <div className="sm:col-span-2">
          <Field
            label={texts.complement}
            name="complement"
            autoComplete="address-line2"
            defaultValue={address?.complement}
            fault={fault('complement')}
          />
        </div>
        <div className="sm:col-span-2">
          <Field label={texts.district} name="district" defaultValue={address?.district} fault={fault('district')} />
        </div>
        <div className="sm:col-span-2 grid grid-cols-[1fr_88px] gap-4">
          <Field
            label={texts.city}
            name="city"
            autoComplete="address-level2"
            defaultValue={address?.city}
            fault={fault('city')}
          />
          <Choice label={texts.state} name="state" defaultValue={address?.state ?? ''} fault={fault('state')}>
            <option value="">—</option>
            {STATES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Choice>
        </div>
        <div className="sm:col-span-6">
          <Button busy={isSaving && texts.saving}>{texts.save}</Button>
        </div>
      </Form>
    </section>
  )
}

function Consents() {
  const { given } = useLoaderData<typeof loader>()
  return (
    <section className="panel p-5 lg:p-7">
      <h2 className="mb-3 text-xl lg:text-[22px]">{texts.consents}</h2>
      <Form method="post">
        <input type="hidden" name="autorizacoes" value="sim" />
        {PURPOSES.map((purpose) => {
          const [name, help] = texts.consentNames[purpose] as [string, string]
          return (
            <label key={purpose} className="flex min-h-14 items-center justify-between gap-4">
              <span>
                <b className="font-semibold">{name}</b>
                <br />
                <span className="text-sm text-muted">{help}</span>
              </span>
              <input type="checkbox" name={purpose} defaultChecked={given.includes(purpose)} />
            </label>
          )
        })}
        <div className="mt-3">
          <Button kind="plain" size="small">
            {texts.consentSave}
          </Button>
        </div>
      </Form>
    </section>
  )
}

function Requests() {
  const requests: readonly (readonly [string, IconName, string, string])[] = [
    ['/conta/dados/copia', 'download', texts.copy, ''],
    ['/encarregado', 'mail', texts.dpo, ''],
    ['/conta/dados/apagar', 'bin', texts.erase, 'text-red'],
  ]
  return (
    <section className="panel p-5 lg:p-7">
      <h2 className="mb-2 text-xl lg:text-[22px]">{texts.requests}</h2>
      <ul>
        {requests.map(([to, icon, name, ink]) => (
          <li key={to}>
            <Link
              to={to}
              reloadDocument={icon === 'download'}
              className={`flex min-h-12 items-center gap-3 font-semibold hover:underline ${ink}`}
            >
              <Icon name={icon} />
              {name}
              <Icon name="right" className="ml-auto size-4" />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Shared() {
  const { shared } = useLoaderData<typeof loader>()
  return (
    <section className="panel p-5 lg:p-7">
      <h2 className="mb-3 text-xl lg:text-[22px]">{texts.shared}</h2>
      {shared.length === 0 && <p className="text-muted">{texts.sharedNone}</p>}
      <ul>
        {shared.map(({ recipient, purpose, fields, at }) => (
          <li key={recipient + at} className="border-t border-line py-3 text-[15px] first:border-0">
            <b className="font-semibold">{texts.recipients[recipient] ?? recipient}</b> ·{' '}
            {texts.purposes[purpose] ?? purpose}
            <br />
            <span className="text-sm text-muted">
              {fields.join(', ')} · {dayAndHour(at)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
