/**
 * Asks before a finished purchase is returned, and says what happens to the car and to the money. Without asking for a
 * reason (CDC, art. 49).
 */
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
import { expected } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { expectCustomer } from '../session.server.ts'
import { withdraw as texts } from '../texts/return.pt-br.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { Area } from '../ui/field.tsx'
import { Note } from '../ui/tag.tsx'
import { settingsOf } from '../visit.server.ts'
import { withdrawalOf } from './withdrawal.ts'

export async function loader(args: LoaderFunctionArgs) {
  await expectCustomer(args)
  const transaction_id = args.params.id ?? ''
  const client = api(args)
  const saga = expected(await client.getSagaState({ path: { transaction_id } }))
  const [vehicle, { returns }] = await Promise.all([
    client.getVehicle({ path: { id: saga.vehicle_id } }).then(expected),
    client.listReturns({ query: { transaction_id } }).then(expected),
  ])
  if (withdrawalOf(saga, vehicle, returns, new Date()).state !== 'open') throw redirect(`/compra/${transaction_id}`)
  const { shop } = settingsOf(args.context)
  const { vehicle_brand, vehicle_model } = saga.context
  return {
    transaction_id,
    name: `${vehicle_brand} ${vehicle_model}`,
    total: saga.amount,
    way: saga.payment_type,
    isHere: !vehicle.picked_up_at,
    shop,
  }
}

export async function action(args: ActionFunctionArgs) {
  await expectCustomer(args)
  const transaction_id = args.params.id ?? ''
  const reason = String((await args.request.formData()).get('motivo') ?? '').trim()
  const answer = await api(args).returnPurchase({ path: { transaction_id }, body: reason ? { reason } : {} })
  if (answer.ok) throw redirect(`/devolucao/${answer.data.return_id}`, 303)
  if (answer.problem.name === 'taken_over') throw redirect(`/compra/${transaction_id}`, 303)
  const refused: Readonly<Record<string, string>> = texts.refused
  return data({ fault: refused[answer.problem.name] ?? texts.refused.other }, { status: answer.status })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Withdraw() {
  const { transaction_id, name, total, way, isHere, shop } = useLoaderData<typeof loader>()
  const fault = useActionData<typeof action>()?.fault
  const { state } = useNavigation()
  const points = [
    isHere ? texts.keep : texts.bring(`${shop.address}, ${shop.city}`, shop.hours),
    texts.look,
    texts.back[way](total, shop.refundDays),
    texts.undo,
  ]
  return (
    <Form method="post" className="page max-w-[640px] py-10 lg:py-16">
      <div className="panel p-5 lg:p-8">
        <h1 className="lg:text-[32px]">{texts.title}</h1>
        <p className="mt-3">{texts.what(name, total)}</p>
        <h2 className="mt-6 text-lg lg:text-lg">{texts.next}</h2>
        <ol className="mt-2 mb-6 grid list-decimal gap-1.5 pl-5">
          {points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ol>
        <Area name="motivo" label={texts.reason} hint={texts.reasonHint} maxLength={500} rows={3} />
        {fault && (
          <div role="alert" className="mt-5">
            <Note tone="warn" icon="warning">
              {fault}
            </Note>
          </div>
        )}
        <div className="mt-7 flex flex-wrap gap-3">
          <LinkButton to={`/compra/${transaction_id}`}>{texts.stay}</LinkButton>
          <Button kind="danger" busy={state === 'submitting' && texts.busy}>
            {texts.confirm}
          </Button>
        </div>
      </div>
    </Form>
  )
}
