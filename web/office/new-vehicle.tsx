/** Takes a vehicle in: once, however often the form is sent. */
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
import { vehicle as texts } from '../texts/office-stock.pt-br.ts'
import { Entry } from './fields.tsx'
import { PageHead, Panel, press, Told } from './parts.tsx'
import { VehicleFields } from './vehicle-editor.tsx'
import { FIELDS, IDENTIFIERS, sentOf } from './vehicle-form.ts'

export async function loader(args: LoaderFunctionArgs) {
  await expectStaff(args)
  return { key: randomUUID() }
}

const ALL = [...FIELDS, ...IDENTIFIERS] as const
type Name = (typeof ALL)[number]

export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const form = await args.request.formData()
  const values = Object.fromEntries(ALL.map((name) => [name, String(form.get(name) ?? '')])) as Record<Name, string>
  const details = FIELDS.map((field) => [field, sentOf(field, values[field])] as const)
  const unread = details.filter(([, value]) => value === undefined).map(([field]) => field)
  if (unread.length > 0) return refused(values, unread)
  const identifiers = IDENTIFIERS.map((name) => [name, values[name].trim()] as const)
  const body = Object.fromEntries([...details.filter(([, value]) => value !== null), ...identifiers])
  const answer = await api(args).createVehicle({
    header: { 'idempotency-key': String(form.get('chave')) },
    body: body as never, // the service says what is missing, field by field
  })
  if (answer.ok) throw redirect(`/painel/estoque/${answer.data.id}?feito=made`, 303)
  const named = (answer.problem.errors ?? []).flatMap(
    ({ path, message }) => ALL.find((name) => path.startsWith(`/${name}`) || message.includes(`'${name}'`)) ?? [],
  )
  return refused(values, named, answer.problem.name)
}

function refused(values: Readonly<Record<Name, string>>, names: readonly Name[], why = 'validation_failed') {
  const faults: Partial<Record<Name, string>> = Object.fromEntries(names.map((name) => [name, texts.faults[name]]))
  return data({ values, faults, fault: texts.refused[why] ?? texts.refused.other }, { status: 422 })
}

export const meta: MetaFunction = () => [{ title: texts.fresh }, { name: 'robots', content: 'noindex' }]

export default function NewVehicle() {
  const { key } = useLoaderData<typeof loader>()
  const { values, faults, fault } = useActionData<typeof action>() ?? {}
  const { state } = useNavigation()
  return (
    <>
      <PageHead crumbs={[['/painel/estoque', office.menu.stock]]} title={texts.fresh} about={texts.freshAbout} />
      {fault && <Told tone="bad">{fault}</Told>}
      <Panel>
        <Form method="post" className="grid gap-4">
          <input type="hidden" name="chave" value={key} />
          <VehicleFields values={values ?? {}} faults={faults ?? {}} />
          <div className="grid gap-3.5 border-t border-line pt-4 sm:grid-cols-3">
            {IDENTIFIERS.map((name) => (
              <Entry
                key={name}
                name={name}
                label={texts.fields[name]}
                defaultValue={values?.[name] ?? ''}
                fault={faults?.[name]}
                required
                autoComplete="off"
              />
            ))}
          </div>
          <div className="flex justify-end border-t border-line pt-4">
            <button type="submit" className={press('main')} aria-disabled={state !== 'idle'}>
              {texts.create}
            </button>
          </div>
        </Form>
      </Panel>
    </>
  )
}
