/** The form of a vehicle, and its questions when somebody else has saved in between. */
import { Form, useLoaderData, useNavigation } from 'react-router'
import { vehicle as texts } from '../texts/office-stock.pt-br.ts'
import { Entry, LongEntry } from './fields.tsx'
import { Panel, press } from './parts.tsx'
import type { Conflict, Outcome } from './vehicle-acts.server.ts'
import type { VehicleData } from './vehicle-data.ts'
import { FIELDS, type Field, type Values } from './vehicle-form.ts'

export function Editor({ outcome }: { readonly outcome: Outcome | undefined }) {
  const { vehicle, values: saved, etag } = useLoaderData<VehicleData>()
  const { state } = useNavigation()
  const conflict = outcome?.conflict
  const values = outcome?.values ?? saved
  if (!['preparation', 'available', 'withdrawn'].includes(vehicle.status))
    return (
      <Panel title={texts.details} about={texts.fixed}>
        <Fixed values={saved} />
      </Panel>
    )
  return (
    <Panel title={texts.details}>
      <Form method="post" data-tecla="e" key={conflict?.etag ?? etag} className="grid gap-4">
        <input type="hidden" name="etag" value={conflict?.etag ?? etag} />
        {FIELDS.map((field) => (
          <input key={field} type="hidden" name={`antes.${field}`} value={(conflict?.theirs ?? saved)[field]} />
        ))}
        {conflict && <Asked conflict={conflict} mine={values} />}
        <VehicleFields values={values} faults={outcome?.faults ?? {}} />
        <div className="flex justify-end border-t border-line pt-4">
          <button type="submit" className={press('main')} aria-disabled={state !== 'idle'}>
            {texts.save}
          </button>
        </div>
      </Form>
    </Panel>
  )
}

function Asked({ conflict: { by, fields, theirs }, mine }: { readonly conflict: Conflict; readonly mine: Values }) {
  const words = texts.conflict
  return (
    <div role="alert" className="rounded-control bg-amber-tint px-3.5 py-3 text-amber-ink">
      <p className="font-semibold">{words.title(by)}</p>
      <p className="mt-0.5">{fields.length > 0 ? words.about : words.merged}</p>
      {fields.map((field) => (
        <fieldset key={field} className="mt-3">
          <legend className="font-semibold">{texts.fields[field]}</legend>
          {(['meu', 'deles'] as const).map((whose) => (
            <label key={whose} className="flex min-h-8 items-center gap-2">
              <input type="radio" name={`escolha.${field}`} value={whose} defaultChecked={whose === 'meu'} />
              {whose === 'meu' ? words.mine(mine[field] || words.none) : words.theirs(theirs[field] || words.none)}
            </label>
          ))}
        </fieldset>
      ))}
    </div>
  )
}

/** Shared with the form of a new one. */
export function VehicleFields({
  values,
  faults,
}: {
  readonly values: Partial<Values>
  readonly faults: Readonly<Partial<Record<Field, string>>>
}) {
  const entry = (field: Exclude<Field, 'description'>, more: React.ComponentProps<'input'> = {}) => (
    <Entry
      {...more}
      name={field}
      label={texts.fields[field]}
      defaultValue={values[field] ?? ''}
      fault={faults[field]}
      autoComplete="off"
    />
  )
  return (
    <div className="grid gap-3.5 sm:grid-cols-2 lg:grid-cols-3">
      {entry('brand', { required: true })}
      <div className="lg:col-span-2">{entry('model', { required: true })}</div>
      {entry('year', { required: true, inputMode: 'numeric' })}
      {entry('color', { required: true })}
      {entry('price', { required: true, inputMode: 'decimal' })}
      {entry('mileage_km', { inputMode: 'numeric' })}
      {entry('fuel')}
      {entry('transmission')}
      <div className="sm:col-span-2 lg:col-span-3">
        <LongEntry
          name="description"
          label={texts.fields.description}
          defaultValue={values.description ?? ''}
          fault={faults.description}
          rows={4}
        />
      </div>
    </div>
  )
}

function Fixed({ values }: { readonly values: Values }) {
  return (
    <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
      {FIELDS.filter((field) => values[field]).map((field) => (
        <div key={field} className="flex justify-between gap-4 border-b border-line pb-1.5">
          <dt className="text-muted">{texts.fields[field]}</dt>
          <dd className="text-right">{values[field]}</dd>
        </div>
      ))}
    </dl>
  )
}
