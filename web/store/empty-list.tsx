import { Link } from 'react-router'
import { texts } from '../texts/index.ts'
import { LinkButton } from '../ui/button.tsx'
import { MissingCar } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'

export interface WayOut {
  readonly label: string
  readonly to: string
  readonly total: number
}

/** A search that found nothing: it offers the same search with one filter less. */
export function EmptyList({ waysOut }: { readonly waysOut: readonly WayOut[] }) {
  return (
    <div className="mx-auto max-w-[640px] pb-8 text-center">
      <div className="showroom mb-6 overflow-hidden rounded-panel">
        <MissingCar />
      </div>
      <h2 className="text-[28px]">{texts.list.none}</h2>
      <p className="mt-3 mb-5 text-muted">{waysOut.length > 0 ? texts.list.noneHelp : texts.list.noneHelpAny}</p>
      <ul className="mb-6 grid gap-2 text-left">
        {waysOut.map(({ label, to, total }) => (
          <li key={to}>
            <Link to={to} className="panel flex min-h-14 items-center gap-3 px-4 hover:bg-hover">
              <Icon name="close" />
              <span>
                {texts.list.without} <b className="font-semibold">{label}</b>
              </span>
              <span className="ml-auto font-semibold text-accent tabular-nums">{texts.list.count(total)}</span>
            </Link>
          </li>
        ))}
      </ul>
      <LinkButton to="/carros" kind="plain">
        {texts.list.clear}
      </LinkButton>
    </div>
  )
}
