/** By e-mail and password, or by a passkey. */
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
  useActionData,
  useLoaderData,
  useNavigation,
} from 'react-router'
import { ask, forget, localPath, personOf } from '../../session.server.ts'
import { account } from '../../texts/account.pt-br.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { FormPage } from '../../ui/form-page.tsx'
import { PasskeyButton } from './passkey-button.tsx'

const texts = account.signIn

export async function loader(args: LoaderFunctionArgs) {
  const back = localPath(new URL(args.request.url).searchParams.get('volta'))
  if (await personOf(args)) throw redirect(back)
  return { back }
}

export async function action(args: ActionFunctionArgs) {
  const form = await args.request.formData()
  const [email, back] = [String(form.get('email') ?? ''), localPath(form.get('volta') as string | null)]
  const answer = await ask(args, 'POST', '/auth/sign-in/email', { email, password: String(form.get('senha') ?? '') })
  forget(args)
  if (answer.ok) {
    const isHalf = (answer.content as { status: string }).status === 'second_factor'
    const next = isHalf ? `/entrar/codigo?volta=${encodeURIComponent(back)}` : back
    throw redirect(next, { status: 303, headers: answer.cookies })
  }
  const fault = answer.status === 429 ? texts.tooMany : answer.status >= 500 ? texts.away : texts.refused
  return data({ fault, email }, { status: answer.status === 422 ? 401 : answer.status })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function SignIn() {
  const { back } = useLoaderData<typeof loader>()
  const given = useActionData<typeof action>()
  const { state } = useNavigation()
  const query = `?volta=${encodeURIComponent(back)}`
  return (
    <FormPage title={texts.title} intro={texts.intro} fault={given?.fault}>
      <Form method="post" className="grid gap-4">
        <input type="hidden" name="volta" value={back} />
        <Field
          label={texts.email}
          name="email"
          type="email"
          required
          autoComplete="username webauthn"
          defaultValue={given?.email}
        />
        <Field label={texts.password} name="senha" type="password" required autoComplete="current-password" />
        <Button size="big" wide busy={state === 'submitting' && texts.busy}>
          {texts.button}
        </Button>
      </Form>
      <PasskeyButton back={back} />
      <p className="mt-5 flex flex-wrap justify-between gap-3 text-[15px]">
        <Link to="/senha" className="font-semibold text-accent hover:underline">
          {texts.forgot}
        </Link>
        <span>
          {texts.none}{' '}
          <Link to={`/cadastro${query}`} className="font-semibold text-accent underline underline-offset-3">
            {texts.make}
          </Link>
        </span>
      </p>
    </FormPage>
  )
}
