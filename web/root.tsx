/** The frame of every page: head, menu, footer, and what is shown when a page cannot be. */

import archivo from '@fontsource-variable/archivo/files/archivo-latin-standard-normal.woff2?url'
import inter from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import type { ReactNode } from 'react'
import {
  isRouteErrorResponse,
  Links,
  type LinksFunction,
  type LoaderFunctionArgs,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useLocation,
  useRouteError,
  useRouteLoaderData,
} from 'react-router'
import type { RootData } from './root-data.ts'
import { compressed, secured } from './security.server.ts'
import { personOf } from './session.server.ts'
import { Footer } from './store/footer.tsx'
import { Header } from './store/header.tsx'
import { Problem } from './store/problem.tsx'
import styles from './styles.css?url'
import { texts } from './texts/index.ts'
import { settingsOf } from './visit.server.ts'

export const middleware = [compressed, secured]

export const links: LinksFunction = () => [
  { rel: 'preload', href: archivo, as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' },
  { rel: 'preload', href: inter, as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' },
  { rel: 'stylesheet', href: styles },
  { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' },
]

export async function loader(args: LoaderFunctionArgs): Promise<RootData> {
  const { shop, publicOrigin } = settingsOf(args.context)
  const person = await personOf(args)
  return { shop, publicOrigin, ...(person && { person: { name: person.name ?? texts.menu.account } }) }
}

export function Layout({ children }: { readonly children: ReactNode }) {
  const data = useRouteLoaderData('root') as RootData | undefined
  const isOffice = useLocation().pathname.startsWith('/painel')
  return (
    <html lang={texts.language}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#171b1e" media="(prefers-color-scheme: dark)" />
        <Meta />
        {/* browsers hide a nonce from scripts, so a link with one would not be as React expects it; our files need none */}
        <Links nonce="" />
      </head>
      <body className="flex min-h-dvh flex-col">
        <a href="#conteudo" className="sr-only focus:not-sr-only focus:p-4">
          {texts.menu.skip}
        </a>
        {isOffice ? (
          children
        ) : (
          <>
            <Header {...(data && { data })} />
            <main id="conteudo" className="flex-1">
              {children}
            </main>
            {data && <Footer shop={data.shop} />}
          </>
        )}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  )
}

export default function Root() {
  return <Outlet />
}

export function ErrorBoundary() {
  const error = useRouteError()
  return <Problem status={isRouteErrorResponse(error) ? error.status : 500} />
}
