/** Asks before an account is erased: it says which data goes and which the law keeps, and has one box to tick. */
import {
  type ActionFunctionArgs,
  data,
  Form,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
  useActionData,
  useNavigation,
} from 'react-router'
import { api } from '../../api.server.ts'
import { ask, expectCustomer, forget } from '../../session.server.ts'
import { account } from '../../texts/account.pt-br.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { Tick } from '../../ui/field.tsx'
import { Note } from '../../ui/tag.tsx'

const texts = account.erase

export async function loader(args: LoaderFunctionArgs) {
  await expectCustomer(args)
  return null
}

export async function action(args: ActionFunctionArgs) {
  const { id } = await expectCustomer(args)
  const form = await args.request.formData()
  if (!form.has('certeza')) return data({ fault: texts.sure }, { status: 422 })
  const answer = await api(args).deleteCustomer({ path: { id } })
  if (!answer.ok && answer.problem.name === 'purchase_in_progress')
    return data({ fault: texts.inProgress }, { status: 409 })
  if (!answer.ok) throw new Response(null, { status: answer.status })
  const { cookies } = await ask(args, 'POST', '/auth/sign-out', {})
  forget(args)
  throw redirect('/', { status: 303, headers: cookies })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Erase() {
  const fault = useActionData<typeof action>()?.fault
  const { state } = useNavigation()
  return (
    <Form method="post" className="panel max-w-[640px] p-5 lg:p-8">
      <h1 className="lg:text-[32px]">{texts.title}</h1>
      <h2 className="mt-5 text-lg lg:text-lg">{texts.what}</h2>
      <ul className="mt-2 grid list-disc gap-1.5 pl-5">
        {texts.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      {fault && (
        <div role="alert" className="mt-5">
          <Note tone="bad" icon="warning">
            {fault}
          </Note>
        </div>
      )}
      <div className="mt-4">
        <Tick name="certeza" required>
          {texts.sure}
        </Tick>
      </div>
      <div className="mt-5 flex flex-wrap gap-3">
        <LinkButton to="/conta/dados">{texts.keep}</LinkButton>
        <Button kind="danger" busy={state === 'submitting' && texts.busy}>
          {texts.button}
        </Button>
      </div>
    </Form>
  )
}
