/** One thing that a person can do: its effects in order, what it asks, and its button. */
import type { ReactNode } from 'react'
import { Form, useNavigation } from 'react-router'
import { Effects, press } from './parts.tsx'

export interface ActWords {
  readonly title: string
  readonly button: string
  readonly effects: readonly string[]
}

export function Act({
  act,
  kind,
  words,
  letter,
  children,
}: {
  /** The name of the act, for the page's action. */
  readonly act: string
  readonly kind: 'main' | 'plain' | 'danger'
  readonly words: ActWords
  /** The key that leads here. */
  readonly letter?: 'e' | 'r' | 'x'
  readonly children?: ReactNode
}) {
  const { state } = useNavigation()
  return (
    <Form method="post" data-tecla={letter} className="grid gap-2.5 border-b border-line px-4 py-3.5 last:border-0">
      <input type="hidden" name="ato" value={act} />
      <h3>{words.title}</h3>
      <Effects>{words.effects}</Effects>
      {children}
      <button type="submit" className={press(kind)} aria-disabled={state !== 'idle'}>
        {words.button}
      </button>
    </Form>
  )
}
