/** Asks for the mailed code, which makes the account. */
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
import { ask, forget, localPath } from '../../session.server.ts'
import { account } from '../../texts/account.pt-br.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { FormPage } from '../../ui/form-page.tsx'

const texts = account.code

export function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  return { id: searchParams.get('id') ?? '', back: localPath(searchParams.get('volta')) }
}

export async function action(args: ActionFunctionArgs) {
  const form = await args.request.formData()
  const sign_up_id = String(form.get('id') ?? '')
  if (form.has('outro')) {
    const answer = await ask(args, 'POST', '/auth/sign-up/resend', { sign_up_id })
    return answer.ok
      ? { told: texts.sent }
      : data({ fault: answer.status === 429 ? account.signIn.tooMany : texts.wrong }, { status: answer.status })
  }
  const code = String(form.get('codigo') ?? '').replace(/\D/g, '')
  const answer = await ask(args, 'POST', '/auth/sign-up/verify', { sign_up_id, code })
  forget(args)
  if (answer.ok) throw redirect(localPath(form.get('volta') as string | null), { status: 303, headers: answer.cookies })
  return data({ fault: answer.status === 429 ? account.signIn.tooMany : texts.wrong }, { status: answer.status })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function SignUpCode() {
  const { id, back } = useLoaderData<typeof loader>()
  const given: { readonly fault?: string; readonly told?: string } = useActionData<typeof action>() ?? {}
  const { state } = useNavigation()
  return (
    <FormPage title={texts.title} intro={texts.intro} told={given.told}>
      <Form method="post" className="grid gap-4">
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="volta" value={back} />
        <Field
          label={texts.code}
          name="codigo"
          required
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={10}
          fault={given.fault}
        />
        <Button size="big" wide busy={state === 'submitting' && texts.busy}>
          {texts.button}
        </Button>
      </Form>
      <Form method="post" className="mt-3">
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="volta" value={back} />
        <Button kind="quiet" wide name="outro" value="sim">
          {texts.again}
        </Button>
      </Form>
    </FormPage>
  )
}
