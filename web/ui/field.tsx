/** A labelled field: the label above, the hint or the fault below, read out with it. */
import { type ComponentProps, type ReactNode, useId } from 'react'
import { Icon } from './icon.tsx'

const BOX =
  'min-h-12 w-full rounded-control border border-edge bg-surface px-3.5 text-ink placeholder:text-muted aria-invalid:border-2 aria-invalid:border-red'

interface Around {
  readonly label: string
  readonly hint?: ReactNode
  /** The fault of the typed text. */
  readonly fault?: string | undefined
}

export function Field({ label, hint, fault, ...input }: Around & Omit<ComponentProps<'input'>, 'className' | 'id'>) {
  const id = useId()
  const about = fault ? `${id}-fault` : hint ? `${id}-hint` : undefined
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-[550]">
        {label}
      </label>
      <input {...input} id={id} className={BOX} aria-invalid={fault ? true : undefined} aria-describedby={about} />
      <Below id={id} hint={hint} fault={fault} />
    </div>
  )
}

export function Choice({
  label,
  hint,
  fault,
  children,
  ...select
}: Around & Omit<ComponentProps<'select'>, 'className' | 'id'>) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-[550]">
        {label}
      </label>
      <select {...select} id={id} className={BOX} aria-invalid={fault ? true : undefined}>
        {children}
      </select>
      <Below id={id} hint={hint} fault={fault} />
    </div>
  )
}

export function Area({ label, hint, fault, ...area }: Around & Omit<ComponentProps<'textarea'>, 'className' | 'id'>) {
  const id = useId()
  const about = fault ? `${id}-fault` : hint ? `${id}-hint` : undefined
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-[550]">
        {label}
      </label>
      <textarea
        {...area}
        id={id}
        className={`${BOX} py-2.5`}
        aria-invalid={fault ? true : undefined}
        aria-describedby={about}
      />
      <Below id={id} hint={hint} fault={fault} />
    </div>
  )
}

function Below({ id, hint, fault }: { readonly id: string } & Pick<Around, 'hint' | 'fault'>) {
  if (fault)
    return (
      <p id={`${id}-fault`} className="mt-1.5 flex items-center gap-1.5 text-sm font-[550] text-red">
        <Icon name="warning" className="size-4" />
        {fault}
      </p>
    )
  return hint ? (
    <p id={`${id}-hint`} className="mt-1.5 text-sm text-muted">
      {hint}
    </p>
  ) : null
}

/** A box to tick, with its whole row as the target. */
export function Tick({
  children,
  fault,
  ...input
}: Omit<ComponentProps<'input'>, 'className' | 'type' | 'id'> & { readonly fault?: string | undefined }) {
  const id = useId()
  return (
    <div>
      <label className="flex min-h-11 items-start gap-3 py-2.5">
        <input
          {...input}
          id={id}
          type="checkbox"
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? `${id}-fault` : undefined}
        />
        <span className="min-w-0">{children}</span>
      </label>
      {fault && <Below id={id} fault={fault} />}
    </div>
  )
}
