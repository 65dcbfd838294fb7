/** One form on a page of its own: a title, a sentence, fields, one button. */
import type { ReactNode } from 'react'
import { Note } from './tag.tsx'

export function FormPage({
  title,
  intro,
  fault,
  told,
  children,
}: {
  readonly title: string
  readonly intro: ReactNode
  /** The fault of the form as a whole. */
  readonly fault?: string | undefined
  /** A message about what was done. */
  readonly told?: string | undefined
  readonly children: ReactNode
}) {
  return (
    <div className="page flex justify-center py-8 lg:py-16">
      <section className="panel w-full max-w-[480px] p-5 sm:p-8">
        <h1 className="text-[28px] lg:text-[32px]">{title}</h1>
        <p className="mt-2 mb-5 text-muted">{intro}</p>
        {fault && (
          <div role="alert" className="mb-5">
            <Note tone="bad" icon="warning">
              {fault}
            </Note>
          </div>
        )}
        {told && (
          <div role="status" className="mb-5">
            <Note tone="good" icon="check">
              {told}
            </Note>
          </div>
        )}
        {children}
      </section>
    </div>
  )
}
