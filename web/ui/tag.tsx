/** A state in a word: shape, then word, then colour. */
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'good' | 'warn' | 'bad' | 'neutral' | 'ink' | 'info'

const TONES: Readonly<Record<Tone, string>> = {
  good: 'bg-accent-tint text-accent-ink',
  warn: 'bg-amber-tint text-amber-ink',
  bad: 'bg-red-tint text-red-ink',
  neutral: 'bg-sunken text-ink',
  ink: 'bg-ink text-paper',
  info: 'bg-info-tint text-info',
}

export function Tag({
  tone = 'neutral',
  icon,
  children,
  className = '',
}: {
  readonly tone?: Tone
  readonly icon?: IconName
  readonly children: ReactNode
  readonly className?: string
}) {
  return (
    <span
      className={`inline-flex h-7 items-center gap-1.5 whitespace-nowrap rounded-full px-2.5 text-[13px] font-[650] tabular-nums ${TONES[tone]} ${className}`}
    >
      {icon && <Icon name={icon} className="size-4" />}
      {children}
    </span>
  )
}

const NOTES: Readonly<Record<'plain' | 'good' | 'warn' | 'bad', string>> = {
  plain: 'bg-sunken',
  good: 'bg-accent-tint text-accent-ink',
  warn: 'bg-amber-tint text-amber-ink',
  bad: 'bg-red-tint text-red-ink',
}

/** A sentence that must not be overlooked. */
export function Note({
  tone = 'plain',
  icon,
  children,
}: {
  readonly tone?: 'plain' | 'good' | 'warn' | 'bad'
  readonly icon: IconName
  readonly children: ReactNode
}) {
  return (
    <div className={`flex gap-3 rounded-control px-4 py-3.5 text-sm ${NOTES[tone]}`}>
      <Icon name={icon} className="mt-px size-5" />
      <div className="min-w-0">{children}</div>
    </div>
  )
}
