/** The second factor: the code of an authenticator, or a recovery code. */
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

const texts = account.second

export const loader = ({ request }: LoaderFunctionArgs) => ({
  back: localPath(new URL(request.url).searchParams.get('volta')),
})

export async function action(args: ActionFunctionArgs) {
  const form = await args.request.formData()
  const code = String(form.get('codigo') ?? '').trim()
  const way = /^\d{6}$/.test(code) ? 'verify-totp' : 'verify-backup-code'
  const answer = await ask(args, 'POST', `/auth/two-factor/${way}`, { code })
  forget(args)
  if (answer.ok) throw redirect(localPath(form.get('volta') as string | null), { status: 303, headers: answer.cookies })
  const fault = answer.status === 429 ? account.signIn.tooMany : texts.refused
  return data({ fault }, { status: answer.status })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function SecondFactor() {
  const { back } = useLoaderData<typeof loader>()
  const given = useActionData<typeof action>()
  const { state } = useNavigation()
  return (
    <FormPage title={texts.title} intro={texts.intro}>
      <Form method="post" className="grid gap-4">
        <input type="hidden" name="volta" value={back} />
        <Field
          label={texts.code}
          name="codigo"
          required
          autoComplete="one-time-code"
          fault={given?.fault}
          maxLength={40}
        />
        <Button size="big" wide busy={state === 'submitting' && texts.busy}>
          {texts.button}
        </Button>
      </Form>
    </FormPage>
  )
}
