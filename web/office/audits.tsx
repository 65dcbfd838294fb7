/**
 * Audits: whether the services agree with each other. Somebody asks for one, and the page says what to do about each
 * finding.
 */
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
import { idTyped } from '#platform/typed-numbers'
import type { AuditFinding } from '../../clients/typescript/operations.ts'
import { expected } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { dayAndHour } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { shortName } from '../store/purchase-story.ts'
import { office } from '../texts/office.pt-br.ts'
import { operation, audits as texts } from '../texts/office-operation.pt-br.ts'
import { Nothing, PageHead, Panel, press, State, Told } from './parts.tsx'
import { isAdmin } from './rights.ts'

export async function loader(args: LoaderFunctionArgs) {
  const person = await expectStaff(args)
  if (!isAdmin(person)) throw new Response(null, { status: 404 })
  const client = api(args)
  const { audits } = expected(await client.listAudits({ query: { limit: 10 } }))
  const wanted = idTyped(new URL(args.request.url).searchParams.get('numero')) || audits[0]?.id
  const shown = wanted === undefined ? undefined : expected(await client.getAudit({ path: { id: wanted } }))
  return { audits, shown }
}

export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const answer = await api(args).createAudit({ body: {} })
  if (answer.ok) throw redirect(`/painel/conferencias?numero=${answer.data.id}`, 303)
  return data({ fault: answer.status === 403 ? operation.faults.forbidden : operation.faults.other }, { status: 409 })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Audits() {
  const { audits, shown } = useLoaderData<typeof loader>()
  const fault = useActionData<typeof action>()?.fault
  const { state } = useNavigation()
  return (
    <>
      <PageHead crumbs={[['/painel/operacao', office.menu.operation]]} title={texts.title} about={texts.about}>
        <Form method="post">
          <button type="submit" className={press('main')} aria-disabled={state !== 'idle'}>
            {texts.begin}
          </button>
        </Form>
      </PageHead>
      {fault && <Told tone="bad">{fault}</Told>}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-[minmax(0,1fr)_332px] xl:items-start">
        <Panel
          title={shown ? texts.of(dayAndHour(shown.began_at)) : texts.found}
          about={shown && texts.compared(shown.compared.purchases, shown.compared.accounts)}
          flush
        >
          {shown?.status === 'running' && <meta httpEquiv="refresh" content="5" />}
          {!shown && <Nothing>{texts.none}</Nothing>}
          {shown && shown.findings.length === 0 && (
            <Nothing>{shown.status === 'finished' ? texts.well : texts.states[shown.status]}</Nothing>
          )}
          <ul>
            {shown?.findings.map((finding) => (
              <Finding key={`${finding.kind}${finding.subject}`} finding={finding} />
            ))}
          </ul>
        </Panel>
        <Panel title={texts.before} flush>
          {audits.length === 0 && <Nothing>{texts.none}</Nothing>}
          <ul>
            {audits.map(({ id, status, began_at, findings_total }) => (
              <li key={id} className="border-b border-line last:border-0">
                <Link to={`?numero=${id}`} className="flex justify-between gap-3 px-4 py-2 hover:bg-hover">
                  <span>{dayAndHour(began_at)}</span>
                  {status !== 'finished' ? (
                    <State name={status === 'running' ? 'going' : 'needs'}>{texts.states[status]}</State>
                  ) : findings_total === 0 ? (
                    <State name="done">{texts.agree}</State>
                  ) : (
                    <State name="needs">{texts.findings(findings_total)}</State>
                  )}
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      </div>
    </>
  )
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function Finding({ finding: { kind, subject, detail, advice } }: { readonly finding: AuditFinding }) {
  return (
    <li className="grid gap-0.5 border-b border-line px-4 py-3 last:border-0">
      <h3>
        {texts.kinds[kind] ?? kind}{' '}
        {UUID.test(subject) ? (
          <Link to={`/painel/vendas/${subject}`} className="text-accent hover:underline">
            {texts.sale(shortName(subject))}
          </Link>
        ) : (
          <span className="font-normal text-muted">{texts.subject(subject)}</span>
        )}
      </h3>
      <p>{texts.advice[kind] ?? advice}</p>
      <details className="text-xs text-muted">
        <summary className="inline-flex min-h-6 items-center">{texts.detail}</summary>
        <p lang="en">{detail}</p>
      </details>
    </li>
  )
}
