/** The page for an error, in words for the visitor. */
import { Link } from 'react-router'
import { texts } from '../texts/index.ts'
import { LinkButton } from '../ui/button.tsx'
import { EmptySpace, EmptyState } from '../ui/empty-state.tsx'
import { SearchBox } from '../ui/search-box.tsx'

export function Problem({ status }: { readonly status: number }) {
  const words = texts.problems
  if (status === 404 || status === 410)
    return (
      <EmptyState
        art={<EmptySpace code={String(status)} />}
        title={status === 410 ? texts.vehicle.gone : words.notFound}
      >
        <title>{status === 410 ? texts.vehicle.gone : words.notFound}</title>
        <p className="mb-6 text-muted">{status === 410 ? texts.vehicle.goneHelp : words.notFoundHelp}</p>
        <div className="text-left">
          <SearchBox />
        </div>
        <Link to="/carros" className="mt-5 inline-block font-semibold text-accent hover:underline">
          {words.seeAll}
        </Link>
      </EmptyState>
    )
  const [title, help] =
    status === 403
      ? [words.forbidden, words.forbiddenHelp]
      : status === 503
        ? [words.away, words.awayHelp]
        : [words.broken, words.brokenHelp]
  return (
    <EmptyState art={<EmptySpace code={String(status)} />} title={title}>
      <title>{title}</title>
      <p className="mb-6 text-muted">{help}</p>
      <div className="flex flex-wrap justify-center gap-3">
        <LinkButton to="" reloadDocument>
          {words.again}
        </LinkButton>
        <LinkButton to="/" kind="plain" reloadDocument>
          {words.home}
        </LinkButton>
      </div>
    </EmptyState>
  )
}
