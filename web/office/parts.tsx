/**
 * The parts that every page of the office is made of: a head, panels, states by shape and word, and links to older pages.
 */
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { office as texts } from '../texts/office.pt-br.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import type { StateName } from './state-name.ts'

export function PageHead({
  crumbs = [],
  title,
  about,
  children,
}: {
  readonly crumbs?: readonly (readonly [string, string])[]
  readonly title: ReactNode
  readonly about?: ReactNode
  /** What can be done here, at the right. */
  readonly children?: ReactNode
}) {
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {crumbs.length > 0 && (
          <nav aria-label={texts.crumbs} className="mb-1 flex items-center gap-1.5 text-muted">
            {crumbs.map(([to, name]) => (
              <span key={to} className="flex items-center gap-1.5">
                <Link to={to} className="inline-flex min-h-6 items-center hover:text-ink hover:underline">
                  {name}
                </Link>
                <Icon name="right" className="size-3" />
              </span>
            ))}
          </nav>
        )}
        <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1">{title}</h1>
        {about && <p className="mt-1 text-muted">{about}</p>}
      </div>
      {children && <div className="no-print flex flex-wrap gap-2">{children}</div>}
    </header>
  )
}

export function Panel({
  title,
  about,
  end,
  children,
  flush = false,
}: {
  readonly title?: string
  readonly about?: ReactNode
  readonly end?: ReactNode
  readonly children: ReactNode
  /** A table or a list, which brings its own space. */
  readonly flush?: boolean
}) {
  return (
    <section className="min-w-0 overflow-hidden rounded-control border border-line bg-surface">
      {title && (
        <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-2">
          <h2>
            {title} {about && <span className="ml-1 font-normal text-muted">{about}</span>}
          </h2>
          {end}
        </header>
      )}
      <div className={flush ? 'overflow-x-auto' : 'p-4'}>{children}</div>
    </section>
  )
}

// biome-ignore format: a row a state
const STATES: Readonly<Record<StateName, readonly [ReactNode, string]>> = {
  going:   [<path key="a" d="M8 2a6 6 0 0 1 0 12Z" className="fill-current stroke-none" />, 'text-info'],
  done:    [<path key="a" d="m5.2 8.200 2 2 3.600-4.200" />, 'text-accent'],
  undoing: [<path key="a" d="M10.500 10.500H7.500a2 2 0 0 1 0-4.200h3M6.600 4.700 5 6.300l1.600 1.600" />, 'text-amber'],
  undone:  [<path key="a" d="M10.500 8h-5M7.300 6.200 5.500 8l1.800 1.800" />, 'text-slate'],
  ended:   [<path key="a" d="m4 12 8-8" />, 'text-muted'],
  needs:   [<path key="a" d="M8 4.800v4M8 11v.2" />, 'text-red'],
  waits:   [null, 'text-amber'],
}

/** A shape and a word; the colour comes last. */
export function State({ name, children }: { readonly name: StateName; readonly children: ReactNode }) {
  const [mark, colour] = STATES[name]
  const isSquare = name === 'undone'
  return (
    <span className={`inline-flex items-center gap-1.5 font-[550] whitespace-nowrap ${colour}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4 flex-none fill-none stroke-current stroke-[1.5]">
        {name === 'needs' ? (
          <path d="M8 1.200 14.800 8 8 14.800 1.200 8Z" />
        ) : isSquare ? (
          <rect x="2" y="2" width="12" height="12" rx="2" />
        ) : (
          <circle cx="8" cy="8" r="6" strokeDasharray={name === 'waits' ? '2 2' : undefined} />
        )}
        {mark}
      </svg>
      {children}
    </span>
  )
}

export function Plate({ children }: { readonly children: string }) {
  return (
    <span className="inline-block rounded-[3px] border border-t-3 border-edge border-t-info bg-surface px-1.5 text-xs leading-4 font-bold tracking-wider whitespace-nowrap tabular-nums">
      {children}
    </span>
  )
}

export function Nothing({ children }: { readonly children: ReactNode }) {
  return <p className="px-4 py-8 text-center text-muted">{children}</p>
}

/** The effects of an action, in order, shown before it is pressed. */
export function Effects({ children }: { readonly children: readonly string[] }) {
  return (
    <ol className="grid list-decimal gap-0.5 pl-4 text-xs text-muted">
      {children.map((effect) => (
        <li key={effect}>{effect}</li>
      ))}
    </ol>
  )
}

const NOTES = {
  good: ['check', 'bg-accent-tint text-accent-ink', 'status'],
  bad: ['warning', 'bg-red-tint text-red-ink', 'alert'],
  warn: ['warning', 'bg-amber-tint text-amber-ink', 'alert'],
} as const satisfies Record<string, readonly [IconName, string, string]>

/** A message: what was done, or why it was not. */
export function Told({ tone, children }: { readonly tone: keyof typeof NOTES; readonly children: ReactNode }) {
  const [icon, look, role] = NOTES[tone]
  return (
    <div role={role} className={`mb-4 flex gap-2.5 rounded-control px-3.5 py-2.5 ${look}`}>
      <Icon name={icon} className="mt-px size-4" />
      <div className="min-w-0">{children}</div>
    </div>
  )
}

export function Older({ to }: { readonly to: string | null }) {
  if (!to) return null
  return (
    <div className="border-t border-line px-4 py-2.5 text-right">
      <Link to={to} className="inline-flex min-h-8 items-center font-semibold text-accent hover:underline">
        {texts.older}
      </Link>
    </div>
  )
}

const CONTROL =
  'min-h-8 w-full rounded-[6px] border border-edge bg-surface px-2.5 text-ink aria-invalid:border-2 aria-invalid:border-red'

export const control = CONTROL

const BUTTONS = {
  main: 'border-transparent bg-accent font-[600] text-on-accent hover:bg-accent-strong',
  plain: 'border-edge bg-surface font-[550] text-ink hover:bg-sunken',
  danger: 'border-edge bg-surface font-[550] text-red hover:bg-red-tint',
} as const

export const press = (kind: keyof typeof BUTTONS = 'plain'): string =>
  `inline-flex min-h-8 items-center justify-center gap-1.5 rounded-[6px] border px-3 whitespace-nowrap ${BUTTONS[kind]}`
