/** How buying works, from looking to driving away, and what can happen on the way. */
import { type LoaderFunctionArgs, type MetaFunction, useLoaderData } from 'react-router'
import { legal } from '../texts/legal.pt-br.ts'
import { LinkButton } from '../ui/button.tsx'
import { settingsOf } from '../visit.server.ts'
import { pageMeta } from './meta.ts'

export const loader = ({ context }: LoaderFunctionArgs) => {
  const { shop, publicOrigin } = settingsOf(context)
  const { title, intro, go, steps } = legal.how
  return { title, intro, go, steps: steps(shop), publicOrigin }
}

export const meta: MetaFunction<typeof loader> = ({ loaderData }) =>
  loaderData
    ? pageMeta({
        origin: loaderData.publicOrigin,
        path: '/como-funciona',
        title: loaderData.title,
        description: loaderData.intro,
      })
    : []

export default function How() {
  const { title: heading, intro, go, steps } = useLoaderData<typeof loader>()
  return (
    <article className="page max-w-[920px] py-8 lg:py-14">
      <h1>{heading}</h1>
      <p className="mt-3 max-w-[60ch] text-lg text-muted">{intro}</p>
      <ol className="mt-8 grid gap-4">
        {steps.map(([title, ...sentences], index) => (
          <li key={title} className="panel grid grid-cols-[32px_1fr] gap-4 p-5 lg:p-7">
            <span className="grid size-8 place-items-center rounded-full bg-ink text-sm font-[650] text-paper tabular-nums">
              {index + 1}
            </span>
            <div>
              <h2 className="text-xl lg:text-[22px]">{title}</h2>
              {sentences.map((sentence) => (
                <p key={sentence} className="mt-2 max-w-[64ch] text-muted">
                  {sentence}
                </p>
              ))}
            </div>
          </li>
        ))}
      </ol>
      <div className="mt-8">
        <LinkButton to="/carros">{go}</LinkButton>
      </div>
    </article>
  )
}
