/** Says what was done, and offers what undoes it where such an act exists. It stays until it is closed or another comes. */
import { type ReactNode, useState } from 'react'
import { Form, useLocation } from 'react-router'
import { office as texts } from '../texts/office.pt-br.ts'
import { Icon } from '../ui/icon.tsx'
import { useScripts } from '../ui/scripts.ts'

export function Toast({ children, undo }: { readonly children: ReactNode; readonly undo?: ReactNode }) {
  const { key } = useLocation()
  const [closedAt, close] = useState<string>()
  const hasScripts = useScripts()
  if (closedAt === key) return null // the next act comes with a navigation, and is told anew
  return (
    <div className="no-print pointer-events-none fixed inset-x-0 bottom-4 z-20 flex justify-center px-4">
      <div className="pointer-events-auto flex max-w-xl items-center gap-2 rounded-control bg-ink py-1.5 pr-1.5 pl-4 text-paper shadow-high">
        <div role="status" className="min-w-0 py-1.5 font-[550]">
          {children}
        </div>
        {undo}
        {hasScripts && (
          <button
            type="button"
            onClick={() => close(key)}
            className="grid size-8 flex-none place-items-center rounded-[6px] hover:bg-paper/15"
          >
            <Icon name="close" className="size-4" />
            <span className="sr-only">{texts.close}</span>
          </button>
        )}
      </div>
    </div>
  )
}

/** The act that undoes what the toast tells, as a form of the page's own action. */
export function Undo({
  act,
  given = [],
}: {
  readonly act: string
  readonly given?: readonly (readonly [string, string])[]
}) {
  return (
    <Form method="post">
      <input type="hidden" name="ato" value={act} />
      {given.map(([name, value]) => (
        <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
      ))}
      <button
        type="submit"
        className="min-h-8 rounded-[6px] px-2.5 font-semibold underline underline-offset-2 hover:bg-paper/15"
      >
        {texts.undo}
      </button>
    </Form>
  )
}
