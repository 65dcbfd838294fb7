/** The link of an invitation to work here: one password, and the office is open. */
import {
  type ActionFunctionArgs,
  data,
  Form,
  type MetaFunction,
  redirect,
  useActionData,
  useNavigation,
} from 'react-router'
import { ask, forget } from '../../session.server.ts'
import { account } from '../../texts/account.pt-br.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { FormPage } from '../../ui/form-page.tsx'

const texts = account.invitation

export async function action(args: ActionFunctionArgs) {
  const password = String((await args.request.formData()).get('senha') ?? '')
  const answer = await ask(args, 'POST', '/auth/accept-invitation', { token: args.params.token ?? '', password })
  forget(args)
  if (answer.ok) throw redirect('/painel', { status: 303, headers: answer.cookies })
  const isWeak = answer.errors.some(({ path }) => path.endsWith('password'))
  if (isWeak) return data({ weak: account.signUp.faults.password }, { status: 422 })
  return data({ fault: answer.status === 429 ? account.signIn.tooMany : texts.over }, { status: answer.status })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Invitation() {
  const { fault, weak }: { fault?: string; weak?: string | undefined } = useActionData<typeof action>() ?? {}
  const { state } = useNavigation()
  return (
    <FormPage title={texts.title} intro={texts.intro} fault={fault}>
      <Form method="post" className="grid gap-4">
        <Field
          label={account.signIn.password}
          name="senha"
          type="password"
          required
          minLength={10}
          autoComplete="new-password"
          hint={account.signUp.passwordHint}
          fault={weak}
        />
        <Button size="big" wide busy={state === 'submitting' && texts.busy}>
          {texts.button}
        </Button>
      </Form>
    </FormPage>
  )
}
