/** Registers a customer who is in the shop. If the page was opened from the counter, the sale goes on with them. */
import { randomUUID } from 'node:crypto'
import {
  type ActionFunctionArgs,
  data,
  Form,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
  useActionData,
  useLoaderData,
  useNavigation,
} from 'react-router'
import { api } from '../api.server.ts'
import { expectStaff } from '../session.server.ts'
import { office } from '../texts/office.pt-br.ts'
import { newCustomer as texts } from '../texts/office-rights.pt-br.ts'
import { Entry } from './fields.tsx'
import { PageHead, Panel, press, Told } from './parts.tsx'

const FIELDS = ['nome', 'documento', 'telefone', 'email', 'nascimento'] as const
type Field = (typeof FIELDS)[number]

/** The names of the fields in the service's answers. */
const NAMES: Readonly<Record<Field, string>> = {
  nome: 'name',
  documento: 'document',
  telefone: 'phone',
  email: 'email',
  nascimento: 'birth_date',
}

export async function loader(args: LoaderFunctionArgs) {
  await expectStaff(args)
  return { key: randomUUID(), isCounter: new URL(args.request.url).searchParams.has('balcao') }
}

export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const form = await args.request.formData()
  const text = (name: Field) => String(form.get(name) ?? '').trim()
  const values = Object.fromEntries(FIELDS.map((name) => [name, text(name)])) as Record<Field, string>
  const answer = await api(args).createCustomer({
    header: { 'idempotency-key': String(form.get('chave')) },
    body: {
      name: values.nome,
      document: values.documento,
      phone: values.telefone,
      email: values.email || null,
      ...(values.nascimento && { birth_date: values.nascimento }),
    },
  })
  if (answer.ok) {
    const { id } = answer.data
    throw redirect(form.has('balcao') ? `/painel/balcao?cliente=${id}` : `/painel/clientes/${id}`, 303)
  }
  const wrong = FIELDS.filter((name) => answer.problem.errors?.some(({ path }) => path.startsWith(`/${NAMES[name]}`)))
  return data({ values, wrong, fault: texts.refused[answer.problem.name] ?? texts.refused.other }, { status: 422 })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function NewCustomer() {
  const { key, isCounter } = useLoaderData<typeof loader>()
  const { values, wrong = [], fault } = useActionData<typeof action>() ?? {}
  const { state } = useNavigation()
  const entry = (name: Field, more: React.ComponentProps<'input'> = {}) => (
    <Entry
      {...more}
      name={name}
      label={texts.fields[name]}
      defaultValue={values?.[name] ?? ''}
      fault={wrong.includes(name) ? texts.faults[name] : undefined}
      autoComplete="off"
    />
  )
  return (
    <>
      <PageHead crumbs={[['/painel/clientes', office.menu.customers]]} title={texts.title} about={texts.about} />
      {fault && <Told tone="bad">{fault}</Told>}
      <div className="max-w-3xl">
        <Panel>
          <Form method="post" className="grid gap-4">
            <input type="hidden" name="chave" value={key} />
            {isCounter && <input type="hidden" name="balcao" value="sim" />}
            <div className="grid gap-3.5 sm:grid-cols-2">
              <div className="sm:col-span-2">{entry('nome', { required: true, minLength: 3, maxLength: 100 })}</div>
              {entry('documento', { required: true })}
              {entry('telefone', { required: true, type: 'tel' })}
              {entry('email', { type: 'email' })}
              {entry('nascimento', { type: 'date' })}
            </div>
            <div className="flex justify-end border-t border-line pt-4">
              <button type="submit" className={press('main')} aria-disabled={state !== 'idle'}>
                {texts.create}
              </button>
            </div>
          </Form>
        </Panel>
      </div>
    </>
  )
}
