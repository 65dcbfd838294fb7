/** What waits for the decision of the person who opens it: a page for a phone, to which the tasks of the day lead. */
import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { api } from '../api.server.ts'
import { expectStaff } from '../session.server.ts'
import { operation as texts } from '../texts/office-operation.pt-br.ts'
import { Approvals } from './approvals.tsx'
import { approvalsFor } from './every-service.server.ts'
import { act } from './operation-acts.server.ts'
import { Nothing, PageHead, Panel, Told } from './parts.tsx'
import { isAdmin } from './rights.ts'
import { Toast } from './toast.tsx'

export async function loader(args: LoaderFunctionArgs) {
  if (!isAdmin(await expectStaff(args))) throw new Response(null, { status: 404 })
  const done = new URL(args.request.url).searchParams.get('feito') ?? ''
  return { approvals: await approvalsFor(api(args)), now: Date.now(), done }
}

export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const outcome = await act(api(args), await args.request.formData())
  if (outcome.done) throw redirect(`/painel/aprovacoes?feito=${outcome.done}`, 303)
  return data({ fault: texts.faults[outcome.refused ?? 'other'] ?? texts.faults.other }, { status: 409 })
}

export const meta: MetaFunction = () => [{ title: texts.approvalsTitle }, { name: 'robots', content: 'noindex' }]

export default function ApprovalsPage() {
  const { approvals, done } = useLoaderData<typeof loader>()
  const fault = useActionData<typeof action>()?.fault
  return (
    <>
      <PageHead title={texts.approvalsTitle} about={texts.approvalsAbout} />
      {fault && <Told tone="bad">{fault}</Told>}
      {!fault && texts.done[done] && <Toast key={done}>{texts.done[done]}</Toast>}
      <div className="max-w-4xl">
        {approvals.length === 0 ? (
          <Panel>
            <Nothing>{texts.noApprovals}</Nothing>
          </Panel>
        ) : (
          <Approvals />
        )}
      </div>
    </>
  )
}
