/** The data of a page for search engines and messengers. */
import type { MetaDescriptor } from 'react-router'
import { texts } from '../texts/index.ts'

export interface PageMeta {
  readonly origin: string
  /** The one address of this page, whatever else leads here. */
  readonly path: string
  readonly title: string
  readonly description: string
  readonly picture?: string
  readonly type?: 'website' | 'product'
  readonly index?: boolean
}

export function pageMeta({
  origin,
  path,
  title,
  description,
  picture = '/og/loja.jpg',
  type = 'website',
  index = true,
}: PageMeta): MetaDescriptor[] {
  return [
    { title },
    { name: 'description', content: description },
    ...(index
      ? [{ tagName: 'link', rel: 'canonical', href: origin + path } as const]
      : [{ name: 'robots', content: 'noindex' }]),
    { property: 'og:type', content: type },
    { property: 'og:locale', content: texts.language.replace('-', '_') },
    { property: 'og:title', content: title },
    { property: 'og:description', content: description },
    { property: 'og:url', content: origin + path },
    { property: 'og:image', content: origin + picture },
    ...(picture.startsWith('/og/') ? DRAWN : []),
    { name: 'twitter:card', content: 'summary_large_image' },
  ]
}

/** The drawings for messengers are all of one size. */
const DRAWN: MetaDescriptor[] = [
  { property: 'og:image:width', content: '1200' },
  { property: 'og:image:height', content: '630' },
]
