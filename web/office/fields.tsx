/** Labelled controls of the office: dense, the fault in the hint's place, read out with the control. */
import { type ComponentProps, type ReactNode, useId } from 'react'
import { control } from './parts.tsx'

interface Around {
  readonly label: string
  readonly hint?: ReactNode
  readonly fault?: string | undefined
}

export function Entry({ label, hint, fault, ...input }: Around & Omit<ComponentProps<'input'>, 'id' | 'className'>) {
  const id = useId()
  return (
    <div>
      <Label id={id}>{label}</Label>
      <input {...input} id={id} className={control} {...told(id, hint, fault)} />
      <Below id={id} hint={hint} fault={fault} />
    </div>
  )
}

export function LongEntry({
  label,
  hint,
  fault,
  ...area
}: Around & Omit<ComponentProps<'textarea'>, 'id' | 'className'>) {
  const id = useId()
  return (
    <div>
      <Label id={id}>{label}</Label>
      <textarea {...area} id={id} className={`${control} py-1.5`} {...told(id, hint, fault)} />
      <Below id={id} hint={hint} fault={fault} />
    </div>
  )
}

export function Pick({
  label,
  hint,
  fault,
  children,
  ...select
}: Around & Omit<ComponentProps<'select'>, 'id' | 'className'>) {
  const id = useId()
  return (
    <div>
      <Label id={id}>{label}</Label>
      <select {...select} id={id} className={control} {...told(id, hint, fault)}>
        {children}
      </select>
      <Below id={id} hint={hint} fault={fault} />
    </div>
  )
}

const Label = ({ id, children }: { readonly id: string; readonly children: string }) => (
  <label htmlFor={id} className="mb-1 block text-xs font-[550]">
    {children}
  </label>
)

const told = (id: string, hint: ReactNode, fault: string | undefined) => ({
  ...(fault && { 'aria-invalid': true }),
  ...((fault || hint) && { 'aria-describedby': `${id}-about` }),
})

function Below({ id, hint, fault }: { readonly id: string } & Omit<Around, 'label'>) {
  if (!fault && !hint) return null
  return (
    <p id={`${id}-about`} className={`mt-1 text-xs ${fault ? 'font-[550] text-red' : 'text-muted'}`}>
      {fault ?? hint}
    </p>
  )
}
