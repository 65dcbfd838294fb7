/** The pages of an account beside their menu. */
import { Form, type LoaderFunctionArgs, NavLink, Outlet, redirect } from 'react-router'
import { personOf } from '../../session.server.ts'
import { account } from '../../texts/account.pt-br.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'

export async function loader(args: LoaderFunctionArgs) {
  if (await personOf(args)) return null
  const { pathname } = new URL(args.request.url)
  throw redirect(`/entrar?volta=${encodeURIComponent(pathname.replace(/\.data$/, ''))}`)
}

const PAGES: readonly (readonly [string, IconName, string])[] = [
  ['/conta', 'car', account.menu.purchases],
  ['/conta/devolucoes', 'back', account.menu.returns],
  ['/conta/extrato', 'wallet', account.menu.statement],
  ['/conta/dados', 'shield', account.menu.data],
  ['/conta/seguranca', 'key', account.menu.security],
]

const LINK =
  'flex min-h-11 items-center gap-3 px-3 text-[15px] font-[550] whitespace-nowrap aria-[current=page]:font-[650] lg:rounded-control lg:hover:bg-hover lg:aria-[current=page]:bg-sunken max-lg:border-b-2 max-lg:border-transparent max-lg:aria-[current=page]:border-accent'

export default function Frame() {
  return (
    <div className="page pt-2 pb-16 lg:grid lg:grid-cols-[232px_minmax(0,1fr)] lg:gap-14 lg:pt-12 lg:pb-20">
      <nav
        aria-label={account.menu.label}
        className="max-lg:-mx-4 max-lg:mb-5 max-lg:flex max-lg:overflow-x-auto max-lg:border-b max-lg:border-line max-lg:px-1"
      >
        {PAGES.map(([to, icon, name]) => (
          <NavLink key={to} to={to} end={to === '/conta'} className={LINK}>
            <span className="max-lg:hidden">
              <Icon name={icon} />
            </span>
            {name}
          </NavLink>
        ))}
        <Form method="post" action="/sair">
          <button type="submit" className={`${LINK} w-full`}>
            <span className="max-lg:hidden">
              <Icon name="leave" />
            </span>
            {account.menu.leave}
          </button>
        </Form>
      </nav>
      <div className="min-w-0">
        <Outlet />
      </div>
    </div>
  )
}
