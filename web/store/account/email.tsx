/** Another e-mail for the account: the new address proves itself by a code. */
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
import { ask, expectCustomer, forget } from '../../session.server.ts'
import { account } from '../../texts/account.pt-br.ts'
import { contact } from '../../texts/contact.pt-br.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { FormPage } from '../../ui/form-page.tsx'

const texts = contact.email

export async function loader(args: LoaderFunctionArgs) {
  const { person } = await expectCustomer(args)
  return { now: person.email }
}

export async function action(args: ActionFunctionArgs) {
  const form = await args.request.formData()
  const email = String(form.get('email') ?? '').trim()
  if (!form.has('codigo')) {
    const answer = await ask(args, 'POST', '/auth/email-otp/request-email-change', { email })
    if (answer.ok) return { email, told: texts.sent }
    return data({ email: '', fault: faultOf(answer.problem, account.signUp.faults.email) }, { status: answer.status })
  }
  const otp = String(form.get('codigo')).replace(/\D/g, '')
  const answer = await ask(args, 'POST', '/auth/email-otp/change-email', { email, otp })
  forget(args)
  if (answer.ok) throw redirect('/conta/dados', { status: 303, headers: answer.cookies })
  return data({ email, fault: faultOf(answer.problem, texts.wrong) }, { status: answer.status })
}

function faultOf(problem: string, otherwise = texts.wrong): string {
  if (problem === 'rate_limited') return account.signIn.tooMany
  return problem === 'session_not_fresh' ? texts.stale : otherwise
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function ChangeEmail() {
  const { now } = useLoaderData<typeof loader>()
  const given: { readonly email?: string; readonly fault?: string; readonly told?: string } =
    useActionData<typeof action>() ?? {}
  const isBusy = useNavigation().state === 'submitting'
  if (!given.email)
    return (
      <FormPage title={texts.title} intro={`${now ? `${texts.now(now)} ` : ''}${texts.intro}`}>
        <Form method="post" className="grid gap-4">
          <Field label={texts.fresh} name="email" type="email" required autoComplete="email" fault={given.fault} />
          <Button size="big" wide busy={isBusy && texts.askBusy}>
            {texts.ask}
          </Button>
        </Form>
      </FormPage>
    )
  return (
    <FormPage title={texts.title} intro={texts.intro} told={given.told}>
      <Form method="post" className="grid gap-4">
        <input type="hidden" name="email" value={given.email} />
        <Field
          label={texts.code}
          name="codigo"
          required
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={10}
          fault={given.fault}
        />
        <Button size="big" wide busy={isBusy && texts.setBusy}>
          {texts.set}
        </Button>
      </Form>
    </FormPage>
  )
}
