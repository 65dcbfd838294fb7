/** `/painel/estoque/{id}/fotos`: adds photos, puts them in order, takes one off. */
import { type ActionFunctionArgs, data, redirect } from 'react-router'
import { idTyped } from '#platform/typed-numbers'
import { expected } from '../answers.server.ts'
import { api, fetchFor } from '../api.server.ts'
import { expectStaff, tokenOf } from '../session.server.ts'
import { moved } from './photo-order.ts'

/** Enough for 15 MB on a slow line, and for making the photo's files. */
const UPLOAD_PATIENCE_MS = 60_000

export interface PhotoOutcome {
  /** If a photo was refused: the name of the problem. */
  readonly fault?: string
  /** The name of the refused file. */
  readonly file?: string
}

export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const id = idTyped(args.params.id)
  const form = await args.request.formData()
  const outcome = await act(args, id, form)
  if (form.has('vivo')) return data(outcome, { status: outcome.fault ? 409 : 200 })
  throw redirect(`/painel/estoque/${id}?${outcome.fault ? `falha=${outcome.fault}` : 'feito=photos'}`, 303)
}

async function act(args: ActionFunctionArgs, id: number, form: FormData): Promise<PhotoOutcome> {
  const photo = idTyped(String(form.get('qual') ?? ''))
  switch (form.get('ato')) {
    case 'ordenar':
      return arrange(args, id, form.getAll('ordem').map(Number))
    case 'antes':
      return arrange(args, id, moved(await orderOf(args, id), photo, -1))
    case 'depois':
      return arrange(args, id, moved(await orderOf(args, id), photo, 1))
    case 'tirar': {
      const answer = await api(args).removePhoto({ path: { id, photo_id: photo } })
      return answer.ok ? {} : { fault: answer.problem.name }
    }
    default:
      return add(args, id, form)
  }
}

async function orderOf(args: ActionFunctionArgs, id: number): Promise<readonly number[]> {
  const vehicle = expected(await api(args).getVehicle({ path: { id } }))
  return (vehicle.photo_files ?? []).map((photo) => photo.id)
}

async function arrange(args: ActionFunctionArgs, id: number, order: readonly number[]): Promise<PhotoOutcome> {
  const answer = await api(args).arrangePhotos({ path: { id }, body: { order } })
  return answer.ok ? {} : { fault: answer.problem.name }
}

/** Adds photos one after the other. It ends at the first refused one, and names it. */
async function add(args: ActionFunctionArgs, id: number, form: FormData): Promise<PhotoOutcome> {
  const files = form.getAll('foto').filter((file) => file instanceof File && file.size > 0)
  if (files.length === 0) return { fault: 'none_chosen' }
  for (const file of files as File[]) {
    const body = new FormData()
    body.set('photo', file)
    const answer = await fetchFor(args)(`/vehicles/${id}/photos`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${await tokenOf(args)}` },
      signal: AbortSignal.timeout(UPLOAD_PATIENCE_MS),
    })
    if (!answer.ok) {
      const { type = '' } = (await answer.json().catch(() => ({}))) as { type?: string }
      return { fault: type.split(':').at(-1) || 'other', file: file.name }
    }
  }
  return {}
}
