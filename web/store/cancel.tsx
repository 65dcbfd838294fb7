/** Asks before a purchase is cancelled: it says what happens then, and which money comes back. */
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
import { cancel as texts } from '../texts/cancel.pt-br.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { Note } from '../ui/tag.tsx'
import { canCancel } from './purchase-story.ts'

export async function loader(args: LoaderFunctionArgs) {
  await expectCustomer(args)
  const transaction_id = args.params.id ?? ''
  const saga = expected(await api(args).getSagaState({ path: { transaction_id } }))
  if (!canCancel(saga)) throw redirect(`/compra/${transaction_id}`)
  const { vehicle_brand, vehicle_model } = saga.context
  return { transaction_id, name: `${vehicle_brand} ${vehicle_model}`, way: saga.payment_type }
}

export async function action(args: ActionFunctionArgs) {
  await expectCustomer(args)
  const transaction_id = args.params.id ?? ''
  const answer = await api(args).cancelPurchase({ path: { transaction_id }, body: {} })
  const isUnderWay =
    !answer.ok && (answer.problem.name === 'already_cancelling' || answer.problem.name === 'not_cancellable')
  if (answer.ok || isUnderWay) throw redirect(`/compra/${transaction_id}`, 303)
  if (answer.problem.name === 'too_advanced_to_cancel') return data({ fault: texts.tooLate }, { status: 409 })
  throw new Response(null, { status: answer.status })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Cancel() {
  const { transaction_id, name, way } = useLoaderData<typeof loader>()
  const fault = useActionData<typeof action>()?.fault
  const { state } = useNavigation()
  const words = texts
  return (
    <Form method="post" className="page max-w-[640px] py-10 lg:py-16">
      <div className="panel p-5 lg:p-8">
        <h1 className="lg:text-[32px]">{words.title}</h1>
        <p className="mt-3">{words.what(name)}</p>
        <h2 className="mt-6 text-lg lg:text-lg">{words.back}</h2>
        <ul className="mt-2 grid list-disc gap-1.5 pl-5">
          {words.points[way].map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
        {fault && (
          <div role="alert" className="mt-5">
            <Note tone="warn" icon="warning">
              {fault}
            </Note>
          </div>
        )}
        <div className="mt-7 flex flex-wrap gap-3">
          <LinkButton to={`/compra/${transaction_id}`}>{words.keep}</LinkButton>
          <Button kind="danger" busy={state === 'submitting' && words.busy}>
            {words.confirm}
          </Button>
        </div>
      </div>
    </Form>
  )
}
