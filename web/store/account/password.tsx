/** A forgotten password: a code to its address, then a new password. Nothing reveals whether there is an account. */
import {
  type ActionFunctionArgs,
  data,
  Form,
  type MetaFunction,
  redirect,
  useActionData,
  useNavigation,
} from 'react-router'
import { ask } from '../../session.server.ts'
import { account } from '../../texts/account.pt-br.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { FormPage } from '../../ui/form-page.tsx'

const texts = account.password

interface Answer {
  readonly email: string
  readonly fault?: string
  readonly faultOfCode?: string
  readonly faultOfPassword?: string
}

export async function action(args: ActionFunctionArgs) {
  const form = await args.request.formData()
  const email = String(form.get('email') ?? '')
  const tooMany = account.signIn.tooMany
  if (!form.has('codigo')) {
    const answer = await ask(args, 'POST', '/auth/email-otp/request-password-reset', { email })
    if (answer.ok) return data<Answer>({ email })
    return data<Answer>(
      { email: '', fault: answer.status === 429 ? tooMany : (account.signUp.faults.email ?? '') },
      { status: answer.status },
    )
  }
  const body = { email, otp: String(form.get('codigo')).replace(/\D/g, ''), password: String(form.get('senha') ?? '') }
  const answer = await ask(args, 'POST', '/auth/email-otp/reset-password', body)
  if (answer.ok) throw redirect('/entrar', 303)
  const isWeak = answer.errors.some(({ path }) => path.endsWith('password'))
  const fault: Answer =
    answer.status === 429
      ? { email, fault: tooMany }
      : isWeak
        ? { email, faultOfPassword: account.signUp.faults.password ?? '' }
        : { email, faultOfCode: account.code.wrong }
  return data(fault, { status: answer.status })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Password() {
  const given: Answer | undefined = useActionData<typeof action>()
  const { state } = useNavigation()
  if (!given?.email)
    return (
      <FormPage title={texts.title} intro={texts.intro} fault={given?.fault}>
        <Form method="post" className="grid gap-4">
          <Field label={account.signIn.email} name="email" type="email" required autoComplete="username" />
          <Button size="big" wide busy={state === 'submitting' && texts.askBusy}>
            {texts.ask}
          </Button>
        </Form>
      </FormPage>
    )
  return (
    <FormPage title={texts.title} intro={texts.sent} fault={given.fault}>
      <Form method="post" className="grid gap-4">
        <input type="hidden" name="email" value={given.email} />
        <Field
          label={account.code.code}
          name="codigo"
          required
          inputMode="numeric"
          autoComplete="one-time-code"
          fault={given.faultOfCode}
        />
        <Field
          label={texts.fresh}
          name="senha"
          type="password"
          required
          minLength={10}
          autoComplete="new-password"
          hint={account.signUp.passwordHint}
          fault={given.faultOfPassword}
        />
        <Button size="big" wide busy={state === 'submitting' && texts.setBusy}>
          {texts.set}
        </Button>
      </Form>
    </FormPage>
  )
}
