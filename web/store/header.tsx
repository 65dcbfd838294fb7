import { Form, Link, NavLink, useLocation, useNavigation } from 'react-router'
import type { RootData } from '../root-data.ts'
import { texts } from '../texts/index.ts'
import { Icon } from '../ui/icon.tsx'
import { Logo } from '../ui/logo.tsx'

const LINK = 'border-b-2 border-transparent py-2 hover:border-line aria-[current=page]:border-accent'

export function Header({ data }: { readonly data?: RootData }) {
  const { pathname } = useLocation()
  return (
    <header className="relative border-b border-line bg-surface">
      <Progress />
      <div className="page flex h-15 items-center gap-3 md:gap-6 lg:h-19 lg:gap-8">
        <Logo name={data?.shop.name ?? 'Mercado Veículo'} />
        <nav aria-label={texts.menu.label} className="hidden gap-7 text-[15px] font-[550] md:flex">
          <NavLink to="/carros" className={LINK}>
            {texts.menu.buy}
          </NavLink>
          <NavLink to="/como-funciona" className={LINK}>
            {texts.menu.how}
          </NavLink>
        </nav>
        {pathname !== '/' && (
          <Form action="/carros" role="search" className="ml-auto hidden max-w-[400px] flex-1 lg:block">
            <label className="flex min-h-11 items-center gap-2.5 rounded-control bg-sunken px-3.5 text-[15px] text-muted">
              <Icon name="search" />
              <span className="sr-only">{texts.search.label}</span>
              <input
                type="search"
                name="q"
                maxLength={100}
                placeholder={texts.search.wide}
                className="w-full bg-transparent text-ink outline-offset-8 placeholder:text-muted"
              />
            </label>
          </Form>
        )}
        <div className={`flex items-center gap-1 ${pathname === '/' ? 'ml-auto' : 'max-lg:ml-auto'}`}>
          <Link
            to="/carros"
            aria-label={texts.menu.search}
            className="grid size-11 place-items-center rounded-full hover:bg-sunken md:hidden"
          >
            <Icon name="search" className="size-6" />
          </Link>
          <Account person={data?.person} />
        </div>
      </div>
    </header>
  )
}

function Account({ person }: { readonly person: RootData['person'] | undefined }) {
  if (!person)
    return (
      <Link
        to="/entrar"
        className="flex min-h-11 items-center gap-2 rounded-control px-3 text-[15px] font-semibold hover:bg-sunken"
      >
        <Icon name="person" />
        {texts.menu.signIn}
      </Link>
    )
  const [first = '', ...others] = person.name.split(' ')
  return (
    <Link to="/conta" className="flex min-h-11 items-center gap-2 rounded-control px-2 text-[15px] font-semibold">
      <span
        aria-hidden="true"
        className="grid size-9 place-items-center rounded-full bg-ink text-[13px] font-[650] text-paper"
      >
        {(first.charAt(0) + (others.at(-1)?.charAt(0) ?? '')).toUpperCase()}
      </span>
      <span className="max-md:sr-only">{first}</span>
      <span className="sr-only">, {texts.menu.account}</span>
    </Link>
  )
}

/** Shows that the next page is on its way, once it takes longer than a blink. */
function Progress() {
  const { state } = useNavigation()
  if (state === 'idle') return null
  return (
    <div role="status" className="absolute inset-x-0 -bottom-px h-0.5 overflow-hidden">
      <span className="sr-only">{texts.loading}</span>
      <span className="block h-full w-1/3 animate-progress bg-accent" />
    </div>
  )
}
