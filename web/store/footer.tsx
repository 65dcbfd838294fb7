/** The seller's name, and links to everything that the law demands. */
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { cnpj, phone } from '../formats.ts'
import type { Shop } from '../settings.ts'
import { texts } from '../texts/index.ts'
import { Logo } from '../ui/logo.tsx'

export function Footer({ shop }: { readonly shop: Shop }) {
  const words = texts.footer
  return (
    <footer className="border-t border-line bg-surface text-sm text-muted">
      <div className="page grid gap-6 py-8 md:grid-cols-3 lg:grid-cols-[2fr_1fr_1fr_1fr] lg:gap-12 lg:py-12">
        <div className="md:max-lg:col-span-3">
          <span className="text-ink">
            <Logo name={shop.name} />
          </span>
          <address className="mt-3 not-italic leading-relaxed">
            {words.shop(shop.legalName, cnpj(shop.cnpj))}
            <br />
            {shop.address}, {shop.city}
            <br />
            <a href={`mailto:${shop.email}`} className="underline underline-offset-3 hover:text-ink">
              {shop.email}
            </a>
            {' · '}
            <a href={`tel:${shop.phone}`} className="underline underline-offset-3 hover:text-ink">
              {phone(shop.phone)}
            </a>
            <br />
            {shop.hours}
          </address>
        </div>
        <Column title={words.buy}>
          <Item to="/carros">{words.cars}</Item>
          <Item to="/carros?preco_max=60000">{words.cheap}</Item>
          <Item to="/como-funciona">{words.how}</Item>
          <Item to="/termos">{words.terms}</Item>
        </Column>
        <Column title={words.help}>
          <Item to="/desistencia">{words.withdrawal}</Item>
          <Item to="/garantia">{words.warranty}</Item>
          <Item to="/acessibilidade">
            <svg viewBox="0 0 20 20" role="img" aria-label={words.symbol} className="mr-1.5 inline size-5 align-[-4px]">
              <circle cx="10" cy="10" r="8.5" className="fill-none stroke-current" strokeWidth="1.4" />
              <circle cx="10" cy="5.6" r="1.3" className="fill-current" />
              <path
                d="M5.8 8.200 10 8.900l4.200-.7M10 8.900v3l-2 4M10 11.900l2 4"
                className="fill-none stroke-current"
                strokeWidth="1.4"
                strokeLinecap="round"
                strokeLinejoin="round"
              />
            </svg>
            {words.accessibility}
          </Item>
        </Column>
        <Column title={words.data}>
          <Item to="/privacidade">{words.privacy}</Item>
          <Item to="/cookies">{words.cookies}</Item>
          <Item to="/encarregado">{words.dpo}</Item>
        </Column>
      </div>
    </footer>
  )
}

function Column({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <nav aria-label={title}>
      <h2 className="mb-1 font-sans text-sm font-semibold tracking-normal text-ink">{title}</h2>
      <ul>{children}</ul>
    </nav>
  )
}

function Item({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  return (
    <li>
      <Link to={to} className="flex min-h-9 items-center hover:text-ink hover:underline max-md:min-h-11">
        <span>{children}</span>
      </Link>
    </li>
  )
}
