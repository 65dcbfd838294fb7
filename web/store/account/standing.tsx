/** An account that has no customer yet: being made, or known from the counter and to be claimed by a code. */
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
import { contact } from '../../texts/contact.pt-br.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/tag.tsx'

const texts = contact.claim

export async function loader(args: LoaderFunctionArgs) {
  forget(args)
  const person = await personOf(args)
  if (!person || person.customer === 'there' || person.customer === 'none') throw redirect('/conta')
  return { standing: person.customer }
}

export async function action(args: ActionFunctionArgs) {
  const form = await args.request.formData()
  const document = String(form.get('documento') ?? '').trim()
  if (!form.has('codigo')) {
    const answer = await ask(args, 'POST', '/auth/claim/code', { document })
    if (answer.ok) return { document, told: texts.sent }
    return data({ document: '', fault: faultOf(answer.problem, texts.fault) }, { status: answer.status })
  }
  const code = String(form.get('codigo')).replace(/\D/g, '')
  const answer = await ask(args, 'POST', '/auth/claim', { document, code })
  forget(args)
  if (answer.ok) throw redirect('/conta', { status: 303, headers: answer.cookies })
  return data({ document, fault: faultOf(answer.problem, texts.wrong) }, { status: answer.status })
}

function faultOf(problem: string, otherwise: string): string {
  if (problem === 'rate_limited') return account.signIn.tooMany
  return problem === 'nothing_to_claim' ? texts.gone : otherwise
}

export default function Standing() {
  const { standing } = useLoaderData<typeof loader>()
  const shop = (useRouteLoaderData('root') as RootData | undefined)?.shop
  const [title, help] = account.standing[standing]
  return (
    <section className="max-w-[60ch]">
      <title>{title}</title>
      <h1>{title}</h1>
      <p className="mt-3 mb-6 text-muted">{standing === 'being_made' ? help : texts.intro}</p>
      {standing === 'being_made' ? (
        <LinkButton to="/conta" reloadDocument>
          {account.standing.again}
        </LinkButton>
      ) : (
        <>
          <Claim />
          {shop && (
            <p className="mt-6">
              <LinkButton to={`mailto:${shop.email}`}>{account.standing.talk}</LinkButton>
            </p>
          )}
        </>
      )}
    </section>
  )
}

function Claim() {
  const given: { readonly document?: string; readonly fault?: string; readonly told?: string } =
    useActionData<typeof action>() ?? {}
  const isBusy = useNavigation().state === 'submitting'
  if (!given.document)
    return (
      <Form method="post" className="grid gap-4">
        <Field label={texts.document} name="documento" required inputMode="text" maxLength={18} fault={given.fault} />
        <Button size="big" wide busy={isBusy && texts.askBusy}>
          {texts.ask}
        </Button>
      </Form>
    )
  return (
    <Form method="post" className="grid gap-4">
      {given.told && (
        <div role="status">
          <Note tone="good" icon="check">
            {given.told}
          </Note>
        </div>
      )}
      <input type="hidden" name="documento" value={given.document} />
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
  )
}
