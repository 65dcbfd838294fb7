/** Sends a file of vehicles to veiculo-service. */
import type { ActionFunctionArgs } from 'react-router'
import type { Import } from '../../clients/typescript/operations.ts'
import { fetchFor } from '../api.server.ts'
import { expectStaff, tokenOf } from '../session.server.ts'
import { partsOf } from './import-parts.ts'
import { inWords } from './import-reasons.server.ts'

const PATIENCE_MS = 60_000

export interface ImportOutcome {
  /** If the whole file was refused: the name of the problem. */
  readonly fault?: string
  readonly found?: Import
}

export async function takeIn(args: ActionFunctionArgs): Promise<ImportOutcome> {
  await expectStaff(args)
  const file = (await args.request.formData()).get('arquivo')
  const body = file instanceof File ? await file.text() : String(file ?? '')
  if (partsOf(body, 1).length === 0) return { fault: 'none' }
  const answer = await fetchFor(args)('/vehicles/import', {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${await tokenOf(args)}` },
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  const content = (await answer.json()) as Import & { readonly type?: string }
  if (answer.ok) return { found: { ...content, errors: content.errors.map(inWords) } }
  return { fault: content.type?.split(':').at(-1) ?? 'other' }
}
