/** Imports vehicles from a file. With scripts it goes in parts, and the page shows progress; without scripts it goes whole. */
import { type FormEvent, useState } from 'react'
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  type MetaFunction,
  useActionData,
} from 'react-router'
import type { Import } from '../../clients/typescript/operations.ts'
import { expectStaff } from '../session.server.ts'
import { office } from '../texts/office.pt-br.ts'
import { imported as texts } from '../texts/office-photos.pt-br.ts'
import { type ImportOutcome, takeIn } from './import-file.server.ts'
import { partsOf } from './import-parts.ts'
import { PageHead, Panel, press, Told } from './parts.tsx'
import { isOperator } from './rights.ts'

const LINES_AT_ONCE = 50

export async function loader(args: LoaderFunctionArgs) {
  if (!isOperator(await expectStaff(args))) throw new Response(null, { status: 404 })
  return null
}

export async function action(args: ActionFunctionArgs) {
  const outcome = await takeIn(args)
  return data(outcome, { status: outcome.fault ? 409 : 200 })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function ImportPage() {
  const once = useActionData<typeof action>()
  const { send, progress, found, fault } = useParts()
  const told = fault ?? once?.fault
  const result = found ?? once?.found
  const isBusy = progress !== undefined && progress.done < progress.of
  return (
    <>
      <PageHead crumbs={[['/painel/estoque', office.menu.stock]]} title={texts.title} about={texts.about} />
      {told && <Told tone="bad">{told === 'none' ? texts.none : (texts.faults[told] ?? texts.faults.other)}</Told>}
      <div className="grid max-w-3xl gap-5">
        <Panel>
          <Form method="post" encType="multipart/form-data" onSubmit={send} className="grid gap-3">
            <label>
              <span className="mb-1 block text-xs font-[550]">{texts.file}</span>
              <input
                type="file"
                name="arquivo"
                accept=".csv,text/csv"
                required
                aria-describedby="arquivo-como"
                className="w-full text-muted file:mr-3 file:min-h-8 file:rounded-[6px] file:border file:border-edge file:bg-surface file:px-3 file:font-[550] file:text-ink"
              />
              <span id="arquivo-como" className="mt-1 block text-xs text-muted">
                {texts.fileHint}
              </span>
            </label>
            <p className="text-muted">{texts.again}</p>
            {progress && (
              <div role="status">
                <span className="font-[550] tabular-nums">{texts.sending(progress.done, progress.of)}</span>
                <progress value={progress.done} max={progress.of} className="mt-1 block h-1.5 w-full accent-accent" />
                {isBusy && <span className="mt-1 block text-xs text-muted">{texts.stay}</span>}
              </div>
            )}
            <div className="flex justify-end">
              <button type="submit" className={press('main')} aria-disabled={isBusy}>
                {texts.button}
              </button>
            </div>
          </Form>
        </Panel>
        {result && !isBusy && <Result found={result} />}
      </div>
    </>
  )
}

function Result({ found: { taken_in, known, errors } }: { readonly found: Import }) {
  const parts = [
    texts.taken(taken_in),
    known > 0 && texts.known(known),
    errors.length > 0 && texts.refused(errors.length),
  ]
  return (
    <div>
      <Told tone={errors.length > 0 ? 'warn' : 'good'}>
        {parts.filter(Boolean).join(', ')}.{' '}
        <Link to="/painel/estoque?ordem=newest" className="font-semibold underline underline-offset-2">
          {texts.see}
        </Link>
      </Told>
      {errors.length > 0 && (
        <Panel title={texts.refused(errors.length)} flush>
          <table className="w-full">
            <thead>
              <tr>
                <th className="number">{texts.columns.line}</th>
                <th>{texts.columns.field}</th>
                <th>{texts.columns.why}</th>
              </tr>
            </thead>
            <tbody>
              {errors.map(({ line, field, message }) => (
                <tr key={`${line} ${field}`}>
                  <td className="number">{line}</td>
                  <td className="font-[550]">{field}</td>
                  <td>{message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      )}
    </div>
  )
}

const NOTHING: Import = { taken_in: 0, known: 0, errors: [] }

/** Sends the parts one after the other, and adds up their results. It ends at the first part that is refused whole. */
function useParts() {
  const [progress, setProgress] = useState<{ readonly done: number; readonly of: number }>()
  const [found, setFound] = useState<Import>()
  const [fault, setFault] = useState<string>()
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const file = new FormData(event.currentTarget).get('arquivo')
    const parts = file instanceof File ? partsOf(await file.text(), LINES_AT_ONCE) : []
    const of = parts.reduce((sum, { lines }) => sum + lines, 0)
    setFault(parts.length === 0 ? 'none' : undefined)
    setFound(undefined)
    let done = 0
    let sum = NOTHING
    for (const part of parts) {
      setProgress({ done, of })
      const outcome = await sent(part.text)
      if (!outcome.found) return setFault(outcome.fault ?? 'other')
      const { taken_in, known, errors } = outcome.found
      sum = {
        taken_in: sum.taken_in + taken_in,
        known: sum.known + known,
        errors: [...sum.errors, ...errors.map((one) => ({ ...one, line: one.line + part.firstLine - 2 }))],
      }
      done += part.lines
    }
    setProgress({ done, of })
    setFound(sum)
  }
  return { send, progress, found, fault }
}

/** Sends one part. A lost answer counts as a refusal: the same file can be sent again. */
async function sent(text: string): Promise<ImportOutcome> {
  const body = new FormData()
  body.set('arquivo', text)
  const answer = await fetch('/painel/estoque/importar/parte', { method: 'POST', body }).catch(() => undefined)
  return answer ? ((await answer.json()) as ImportOutcome) : { fault: 'other' }
}
