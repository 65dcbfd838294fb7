/** An account that has no customer yet: being made, or known from the counter and claimed by a code to its proven e-mail. */
import {
  type ActionFunctionArgs,
  data,
  Form,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
  useNavigation,
  useRouteLoaderData,
} from 'react-router'
import type { RootData } from '../../root-data.ts'
import { ask, forget, personOf } from '../../session.server.ts'
import { account } from '../../texts/account.pt-br.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/tag.tsx'

const texts = account.claim

export async function loader(args: LoaderFunctionArgs) {
  forget(args)
  const person = await personOf(args)
  if (!person || person.customer === 'there' || person.customer === 'none') throw redirect('/conta')
  return { standing: person.customer }
}

interface Answer {
  /** The document of the record to claim, once a code may be on its way. Nothing reveals whether there is such a record. */
  readonly document?: string
  readonly fault?: string
  readonly faultOfDocument?: string | undefined
  readonly faultOfCode?: string
}

export async function action(args: ActionFunctionArgs) {
  const form = await args.request.formData()
  const document = String(form.get('documento') ?? '').trim()
  if (!form.has('codigo')) {
    const answer = await ask(args, 'POST', '/auth/claim/code', { document })
    if (answer.ok) return data<Answer>({ document })
    if (answer.status === 422) return data<Answer>({ faultOfDocument: account.signUp.faults.document }, { status: 422 })
    return refused(answer.status)
  }
  const code = String(form.get('codigo')).replace(/\D/g, '')
  const answer = await ask(args, 'POST', '/auth/claim', { document, code })
  forget(args)
  if (answer.ok) throw redirect('/conta', 303)
  if (answer.problem === 'wrong_code' || answer.status === 422)
    return data<Answer>({ document, faultOfCode: account.code.wrong }, { status: 400 })
  return refused(answer.status)
}

const refused = (status: number) =>
  data<Answer>({ fault: status === 429 ? account.signIn.tooMany : texts.nothing }, { status })

export default function Standing() {
  const { standing } = useLoaderData<typeof loader>()
  const shop = (useRouteLoaderData('root') as RootData | undefined)?.shop
  const [title, help] = account.standing[standing]
  return (
    <section className="max-w-[60ch]">
      <title>{title}</title>
      <h1>{title}</h1>
      <p className="mt-3 mb-6 text-muted">{help}</p>
      {standing === 'being_made' ? (
        <LinkButton to="/conta" reloadDocument>
          {account.standing.again}
        </LinkButton>
      ) : (
        <>
          <Claim />
          {shop && (
            <p className="mt-6 text-sm text-muted">
              {texts.otherwise}{' '}
              <a href={`mailto:${shop.email}`} className="font-semibold text-accent underline underline-offset-3">
                {account.standing.talk}
              </a>
            </p>
          )}
        </>
      )}
    </section>
  )
}

function Claim() {
  const given: Answer = useActionData<typeof action>() ?? {}
  const { state } = useNavigation()
  return (
    <div className="panel p-5 lg:p-7">
      {given.fault && (
        <div role="alert" className="mb-4">
          <Note tone="bad" icon="warning">
            {given.fault}
          </Note>
        </div>
      )}
      {given.document === undefined ? (
        <Form method="post" className="grid gap-4">
          <Field
            label={account.signUp.document}
            name="documento"
            hint={texts.documentHint}
            fault={given.faultOfDocument}
            required
            autoComplete="off"
          />
          <Button wide busy={state === 'submitting' && texts.askBusy}>
            {texts.ask}
          </Button>
        </Form>
      ) : (
        <Form method="post" className="grid gap-4">
          <p role="status">{texts.sent}</p>
          <input type="hidden" name="documento" value={given.document} />
          <Field
            label={account.code.code}
            name="codigo"
            fault={given.faultOfCode}
            required
            inputMode="numeric"
            autoComplete="one-time-code"
          />
          <Button wide busy={state === 'submitting' && texts.tieBusy}>
            {texts.tie}
          </Button>
        </Form>
      )}
    </div>
  )
}
