/** Signing up: asks a person or a company for the data that a contract and a nota fiscal need, and no more. */
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
import { ask, localPath } from '../../session.server.ts'
import { account } from '../../texts/account.pt-br.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { FormPage } from '../../ui/form-page.tsx'

const texts = account.signUp

export const loader = ({ request }: LoaderFunctionArgs) => ({
  back: localPath(new URL(request.url).searchParams.get('volta')),
})

const FIELDS = ['name', 'document', 'birth_date', 'email', 'phone'] as const
type Given = Partial<Record<(typeof FIELDS)[number] | 'representative_name' | 'representative_document', string>>

export async function action(args: ActionFunctionArgs) {
  const form = await args.request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const given: Given = Object.fromEntries(FIELDS.map((name) => [name, text(name)]))
  const representative = { name: text('representative_name'), document: text('representative_document') }
  const hasRepresentative = representative.name !== '' || representative.document !== ''
  const { birth_date, ...fields } = given
  const answer = await ask(args, 'POST', '/auth/sign-up/email', {
    ...fields,
    password: String(form.get('password') ?? ''),
    ...(birth_date && { birth_date }),
    ...(hasRepresentative && { representative }),
  })
  if (answer.ok) {
    const { sign_up_id } = answer.content as { sign_up_id: string }
    const back = localPath(form.get('volta') as string | null)
    throw redirect(`/cadastro/codigo?id=${sign_up_id}&volta=${encodeURIComponent(back)}`, 303)
  }
  const faults = Object.fromEntries(
    answer.errors.map(({ path }) => {
      const field = /representative/.test(path) ? 'representative' : (path.split('/').at(-1) ?? '')
      return [field, texts.faults[field] ?? account.data.fault]
    }),
  )
  const other =
    answer.status === 429 ? account.signIn.tooMany : Object.keys(faults).length === 0 ? account.signIn.away : undefined
  return data({ faults, other, given: { ...given, ...representativeGiven(representative) } }, { status: answer.status })
}

const representativeGiven = ({ name, document }: { readonly name: string; readonly document: string }): Given => ({
  representative_name: name,
  representative_document: document,
})

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function SignUp() {
  const { back } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { state } = useNavigation()
  const faults: Partial<Record<string, string>> = answer?.faults ?? {}
  const given: Given = answer?.given ?? {}
  const [before, notice, after] = texts.privacy
  return (
    <FormPage title={texts.title} intro={texts.intro} fault={answer?.other}>
      <Form method="post" className="grid gap-4">
        <input type="hidden" name="volta" value={back} />
        <Field
          label={texts.name}
          name="name"
          required
          minLength={3}
          maxLength={100}
          autoComplete="name"
          defaultValue={given.name}
          fault={faults.name}
        />
        <Field
          label={texts.document}
          name="document"
          required
          maxLength={20}
          autoComplete="off"
          defaultValue={given.document}
          fault={faults.document}
        />
        <Field
          label={texts.birth}
          name="birth_date"
          type="date"
          autoComplete="bday"
          hint={texts.birthHint}
          defaultValue={given.birth_date}
          fault={faults.birth_date}
        />
        <Field
          label={texts.email}
          name="email"
          type="email"
          required
          maxLength={100}
          autoComplete="email"
          defaultValue={given.email}
          fault={faults.email}
        />
        <Field
          label={texts.phone}
          name="phone"
          type="tel"
          required
          maxLength={20}
          autoComplete="tel-national"
          defaultValue={given.phone}
          fault={faults.phone}
        />
        <Field
          label={texts.password}
          name="password"
          type="password"
          required
          minLength={10}
          maxLength={200}
          autoComplete="new-password"
          hint={texts.passwordHint}
          fault={faults.password}
        />
        <Representative given={given} fault={faults.representative} />
        <p className="text-sm text-muted">
          {before}
          <Link to="/privacidade" className="underline underline-offset-3">
            {notice}
          </Link>
          {after}
        </p>
        <Button size="big" wide busy={state === 'submitting' && texts.busy}>
          {texts.button}
        </Button>
      </Form>
      <p className="mt-5 text-[15px]">
        {texts.have}{' '}
        <Link
          to={`/entrar?volta=${encodeURIComponent(back)}`}
          className="font-semibold text-accent underline underline-offset-3"
        >
          {texts.enter}
        </Link>
      </p>
    </FormPage>
  )
}

/** The person who signs for a company. */
function Representative({ given, fault }: { readonly given: Given; readonly fault: string | undefined }) {
  return (
    <details open={fault !== undefined || undefined}>
      <summary className="flex min-h-11 items-center font-semibold text-accent">{texts.representative}</summary>
      <div className="mt-2 grid gap-4">
        <Field
          label={texts.representativeName}
          name="representative_name"
          maxLength={100}
          defaultValue={given.representative_name}
          fault={fault}
        />
        <Field
          label={texts.representativeDocument}
          name="representative_document"
          maxLength={20}
          defaultValue={given.representative_document}
        />
      </div>
    </details>
  )
}
