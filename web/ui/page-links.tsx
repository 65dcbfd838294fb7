/** Pages of a list, each with an address of its own. */
import { Link } from 'react-router'
import { texts } from '../texts/index.ts'
import { Icon } from './icon.tsx'

const LOOK =
  'flex min-h-11 items-center gap-2 rounded-control border border-edge bg-surface px-4 text-[15px] font-semibold hover:bg-sunken'

export function PageLinks({
  page,
  pages,
  first,
  before,
  next,
}: {
  readonly page: number
  readonly pages: number
  readonly first?: string | undefined
  readonly before?: string | undefined
  readonly next?: string | undefined
}) {
  if (pages < 2) return null
  return (
    <nav aria-label={texts.pages.label} className="mt-8 flex flex-wrap items-center justify-center gap-2 lg:mt-10">
      {first && page > 2 && (
        <Link to={first} className={LOOK}>
          {texts.pages.first}
        </Link>
      )}
      {before && (
        <Link to={before} rel="prev" className={LOOK}>
          <Icon name="left" className="size-4" />
          {texts.pages.before}
        </Link>
      )}
      <span className="px-2 text-[15px] text-muted tabular-nums">{texts.pages.of(page, pages)}</span>
      {next && (
        <Link to={next} rel="next" prefetch="viewport" className={LOOK}>
          {texts.pages.next}
          <Icon name="right" className="size-4" />
        </Link>
      )}
    </nav>
  )
}
