/** The photos of a vehicle: add them by choosing or dropping files, order them by dragging or by buttons, remove them. */
import { type FormEvent, useEffect, useState } from 'react'
import { useFetcher, useLoaderData } from 'react-router'
import type { Photo } from '../../clients/typescript/operations.ts'
import { photoPath } from '../store/photo-files.ts'
import { photos as texts } from '../texts/office-photos.pt-br.ts'
import { Icon } from '../ui/icon.tsx'
import { Nothing, Panel, press, Told } from './parts.tsx'
import { placed } from './photo-order.ts'
import type { VehicleData } from './vehicle-data.ts'
import type { PhotoOutcome } from './vehicle-photo-acts.ts'

const SENT_LIVE = 'vivo'

export function VehiclePhotos() {
  const { vehicle, fault } = useLoaderData<VehicleData>()
  const { photo_files: photos = [], id, status } = vehicle
  const action = `/painel/estoque/${id}/fotos`
  const isEditable = ['preparation', 'available', 'withdrawn'].includes(status)
  const upload = useUpload(action)
  const order = useOrder(action, photos)
  if (!isEditable && photos.length === 0) return null
  return (
    <Panel title={texts.title} about={isEditable ? texts.about : texts.fixed}>
      <div id="fotos" className="grid gap-4">
        {fault && <Told tone="bad">{texts.faults[fault] ?? texts.faults.other}</Told>}
        {[...upload.faults, ...order.faults].map(({ fault: why = 'other', file }) => (
          <Told key={`${why} ${file}`} tone="bad">
            {file && <b>{file}: </b>}
            {texts.faults[why] ?? texts.faults.other}
          </Told>
        ))}
        {photos.length === 0 ? (
          <Nothing>{texts.none}</Nothing>
        ) : (
          <ol className="grid grid-cols-[repeat(auto-fill,minmax(148px,1fr))] gap-3">
            {order.photos.map((photo, index) => (
              <Tile
                key={photo.id}
                photo={photo}
                place={index}
                count={photos.length}
                order={order}
                action={action}
                isEditable={isEditable}
              />
            ))}
          </ol>
        )}
        {isEditable && <Add upload={upload} action={action} />}
      </div>
    </Panel>
  )
}

function Tile({
  photo,
  place,
  count,
  order,
  action,
  isEditable,
}: {
  readonly photo: Photo
  readonly place: number
  readonly count: number
  readonly order: ReturnType<typeof useOrder>
  readonly action: string
  readonly isEditable: boolean
}) {
  const { Form } = order.fetcher
  const small = 'grid size-8 place-items-center rounded-[6px] hover:bg-sunken disabled:invisible'
  return (
    <li
      draggable={isEditable}
      onDragStart={() => order.lift(photo.id)}
      onDragOver={(event) => isEditable && event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        order.drop(place)
      }}
      className="overflow-hidden rounded-control border border-line bg-surface data-[lifted=true]:opacity-50"
      data-lifted={order.lifted === photo.id}
    >
      <div className="showroom relative aspect-4/3 cursor-grab">
        <img
          src={photoPath(photo, 320, 'jpeg')}
          alt={texts.photo(place + 1, count)}
          width={320}
          height={240}
          loading="lazy"
          draggable={false}
          className="absolute inset-0 size-full object-cover"
        />
        {place === 0 && (
          <span className="absolute top-1.5 left-1.5 rounded-full bg-veil px-2 text-xs font-semibold text-white">
            {texts.first}
          </span>
        )}
      </div>
      {isEditable && (
        <Form method="post" action={action} onSubmit={order.press} className="flex justify-between px-1 py-0.5">
          <input type="hidden" name="qual" value={photo.id} />
          <button type="submit" name="ato" value="antes" disabled={place === 0} title={texts.before} className={small}>
            <Icon name="left" className="size-4" />
            <span className="sr-only">{texts.moveBefore(place + 1)}</span>
          </button>
          <button type="submit" name="ato" value="tirar" title={texts.remove} className={`${small} text-red`}>
            <Icon name="bin" className="size-4" />
            <span className="sr-only">{texts.removeOf(place + 1)}</span>
          </button>
          <button
            type="submit"
            name="ato"
            value="depois"
            disabled={place === count - 1}
            title={texts.after}
            className={small}
          >
            <Icon name="right" className="size-4" />
            <span className="sr-only">{texts.moveAfter(place + 1)}</span>
          </button>
        </Form>
      )}
    </li>
  )
}

function Add({ upload, action }: { readonly upload: ReturnType<typeof useUpload>; readonly action: string }) {
  const { Form } = upload.fetcher
  const { done, of } = upload.progress
  const isBusy = done < of
  return (
    <Form
      method="post"
      action={action}
      encType="multipart/form-data"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        void upload.send([...event.dataTransfer.files])
      }}
      className="grid gap-3 rounded-control border border-dashed border-edge p-4 sm:grid-cols-[1fr_auto] sm:items-end"
    >
      <label>
        <span className="mb-1 block text-xs font-[550]">{texts.choose}</span>
        <input
          type="file"
          name="foto"
          multiple
          accept="image/jpeg,image/png,image/webp"
          aria-describedby="fotos-como"
          onChange={({ currentTarget }) => {
            void upload.send([...(currentTarget.files ?? [])])
            currentTarget.value = ''
          }}
          className="w-full text-muted file:mr-3 file:min-h-8 file:rounded-[6px] file:border file:border-edge file:bg-surface file:px-3 file:font-[550] file:text-ink"
        />
        <span id="fotos-como" className="mt-1 block text-xs text-muted">
          {texts.how}
        </span>
      </label>
      <noscript>
        <button type="submit" className={press()}>
          {texts.send}
        </button>
      </noscript>
      {of > 0 && (
        <div role="status" className="sm:col-span-2">
          <span className="font-[550]">{isBusy ? texts.sending(done + 1, of) : texts.sent(of)}</span>
          <progress value={done} max={of} className="mt-1 block h-1.5 w-full accent-accent" />
        </div>
      )}
    </Form>
  )
}

/** Sends one file after the other, so that each photo is shown as soon as it is stored. */
function useUpload(action: string) {
  const fetcher = useFetcher<PhotoOutcome>()
  const [progress, setProgress] = useState({ done: 0, of: 0 })
  const [faults, setFaults] = useFaults(fetcher.data)
  const send = async (files: readonly File[]) => {
    setFaults([])
    for (const [index, file] of files.entries()) {
      setProgress({ done: index, of: files.length })
      const form = new FormData()
      form.set(SENT_LIVE, '1')
      form.set('foto', file)
      await fetcher.submit(form, { method: 'post', encType: 'multipart/form-data', action })
    }
    setProgress({ done: files.length, of: files.length })
  }
  return { fetcher, progress, faults, send }
}

function useOrder(action: string, photos: readonly Photo[]) {
  const fetcher = useFetcher<PhotoOutcome>()
  const [lifted, setLifted] = useState<number>()
  const [faults] = useFaults(fetcher.data)
  const asked = fetcher.formData?.getAll('ordem').map(Number) ?? []
  const shown = asked.length > 0 ? asked.flatMap((id) => photos.find((photo) => photo.id === id) ?? []) : photos
  const drop = (place: number) => {
    setLifted(undefined)
    if (lifted === undefined) return
    const form = new FormData()
    form.set(SENT_LIVE, '1')
    form.set('ato', 'ordenar')
    for (const id of placed(
      photos.map(({ id }) => id),
      lifted,
      place,
    ))
      form.append('ordem', String(id))
    void fetcher.submit(form, { method: 'post', action })
  }
  const press = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter)
    form.set(SENT_LIVE, '1')
    void fetcher.submit(form, { method: 'post', action })
  }
  return { fetcher, photos: shown, faults, lifted, lift: setLifted, drop, press }
}

/** The refusals so far, until they are cleared. */
function useFaults(data: PhotoOutcome | undefined) {
  const [faults, setFaults] = useState<readonly PhotoOutcome[]>([])
  useEffect(() => {
    if (data?.fault) setFaults((before) => [...before, data])
  }, [data])
  return [faults, setFaults] as const
}
