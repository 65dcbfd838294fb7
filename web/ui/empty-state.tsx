/** A page or a list with nothing in it: a picture, the reason, and a way on. */
import type { ReactNode } from 'react'

export function EmptyState({
  art,
  title,
  children,
}: {
  readonly art: ReactNode
  readonly title: string
  readonly children: ReactNode
}) {
  return (
    <section className="mx-auto max-w-[640px] px-4 pt-8 pb-12 text-center">
      <div className="showroom mb-6 overflow-hidden rounded-panel">{art}</div>
      <h1 className="text-[32px]">{title}</h1>
      <div className="mt-3">{children}</div>
    </section>
  )
}

/** A parking space with a number where a car should be. */
export function EmptySpace({ code }: { readonly code: string }) {
  return (
    <svg viewBox="0 0 800 420" className="block h-auto w-full" aria-hidden="true">
      <g className="fill-none stroke-lamp" strokeWidth="9" strokeLinecap="round">
        <path d="M118 412 196 318M604 318l78 94" />
      </g>
      <ellipse cx="400" cy="357" rx="176" ry="9" className="fill-ink opacity-25" />
      <text x="400" y="354" textAnchor="middle" fontSize="168" className="display fill-ink">
        {code}
      </text>
    </svg>
  )
}

/** Where the car would stand. */
export function MissingCar() {
  return (
    <svg viewBox="0 60 800 420" className="block h-auto w-full" aria-hidden="true">
      <ellipse cx="395" cy="448" rx="320" ry="14" className="fill-ink opacity-15" />
      <g className="fill-none stroke-edge" strokeWidth="3" strokeDasharray="2 9" strokeLinecap="round">
        <path d="M124 421C110 421 103 414 101 402 98 384 97 370 100 356c2-12 8-23 18-31 8-7 18-11 30-15 40-13 80-23 120-30 34-22 70-43 104-52 44-10 114-12 168-7 42 4 74 10 97 18 15 29 27 51 35 73 7 11 10 24 11 38 2 22 1 42-4 58-2 9-8 13-18 13" />
        <path d="M295 294c27-22 53-42 82-51 39-10 109-12 157-8 22 3 36 9 46 20 8 9 13 17 17 25 2 4 1 6-4 7l-287 12c-10 0-15-1-11-5Z" />
        <circle cx="212" cy="398" r="51" />
        <circle cx="578" cy="398" r="51" />
        <path d="M268 421h254" />
      </g>
    </svg>
  )
}
