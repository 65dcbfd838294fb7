/** The pages that the law demands: plain sections, one route file for all of them. */
import { type LoaderFunctionArgs, type MetaFunction, useLoaderData } from 'react-router'
import { legal } from '../texts/legal.pt-br.ts'
import { settingsOf } from '../visit.server.ts'
import { pageMeta } from './meta.ts'

const TEXTS = {
  '/termos': legal.terms,
  '/privacidade': legal.privacy,
  '/cookies': legal.cookies,
  '/desistencia': legal.withdrawal,
  '/garantia': legal.warranty,
  '/encarregado': legal.dpo,
  '/acessibilidade': legal.accessibility,
} as const

const isPath = (path: string): path is keyof typeof TEXTS => Object.hasOwn(TEXTS, path)

export function loader({ request, context }: LoaderFunctionArgs) {
  const path = new URL(request.url).pathname.replace(/\.data$/, '')
  const { shop, publicOrigin } = settingsOf(context)
  if (!isPath(path)) throw new Response(null, { status: 404 })
  return { text: TEXTS[path](shop), publicOrigin, path }
}

export const meta: MetaFunction<typeof loader> = ({ loaderData }) =>
  loaderData
    ? pageMeta({
        origin: loaderData.publicOrigin,
        path: loaderData.path,
        title: loaderData.text.title,
        description: loaderData.text.intro,
      })
    : []

export const headers = () => ({ 'cache-control': 'private, max-age=300' })

export default function Legal() {
  const { text } = useLoaderData<typeof loader>()
  return (
    <article className="page max-w-[840px] py-8 lg:py-14">
      <h1>{text.title}</h1>
      <p className="mt-3 max-w-[62ch] text-lg text-muted">{text.intro}</p>
      {text.sections.map(({ title, paragraphs, points }) => (
        <section key={title} className="mt-8">
          <h2 className="text-xl lg:text-[22px]">{title}</h2>
          {paragraphs?.map((paragraph) => (
            <p key={paragraph} className="mt-3 max-w-[70ch]">
              {paragraph}
            </p>
          ))}
          {points && (
            <ul className="mt-3 grid max-w-[70ch] list-disc gap-2 pl-5">
              {points.map((point) => (
                <li key={point}>{point}</li>
              ))}
            </ul>
          )}
        </section>
      ))}
    </article>
  )
}
