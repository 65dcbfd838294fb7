/** The frame around the office's pages: the menu, the person's name, and the way out. */
import { type ReactNode, useEffect, useRef } from 'react'
import { Form, Link, type LoaderFunctionArgs, NavLink, Outlet, useLoaderData, useNavigation } from 'react-router'
import { expectStaff } from '../session.server.ts'
import { search, office as texts } from '../texts/office.pt-br.ts'
import { money } from '../texts/office-money.pt-br.ts'
import { reports } from '../texts/office-reports.pt-br.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { settingsOf } from '../visit.server.ts'
import { Keys } from './key-help.tsx'
import { isAdmin, isOperator } from './rights.ts'

export async function loader(args: LoaderFunctionArgs) {
  const person = await expectStaff(args)
  const role = person.role === 'admin' ? 'admin' : (person.scope ?? 'operator')
  return {
    name: person.name ?? person.email ?? '',
    role: texts.roles[role],
    sees: { operation: isOperator(person), team: isAdmin(person) },
    shop: settingsOf(args.context).shop.name,
  }
}

export const meta = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Frame() {
  const { name, role, sees, shop } = useLoaderData<typeof loader>()
  const pages: readonly (readonly [string, IconName, string])[] = [
    ['/painel', 'list', texts.menu.today],
    ['/painel/vendas', 'wallet', texts.menu.sales],
    ['/painel/estoque', 'car', texts.menu.stock],
    ['/painel/clientes', 'person', texts.menu.customers],
    ...(sees.operation
      ? ([
          ['/painel/dinheiro', 'card', money.menu],
          ['/painel/relatorios', 'chart', reports.menu],
          ['/painel/operacao', 'gauge', texts.menu.operation],
        ] as const)
      : []),
    ...(sees.team ? [['/painel/equipe', 'key', texts.menu.team] as const] : []),
  ]
  return (
    <div className="office grid min-h-dvh print:block flex-1 grid-cols-[minmax(0,1fr)] max-md:grid-rows-[auto_1fr] md:grid-cols-[56px_minmax(0,1fr)] lg:grid-cols-[208px_minmax(0,1fr)]">
      <header className="no-print flex border-line max-md:flex-col max-md:border-b md:sticky md:top-0 md:h-dvh md:flex-col md:border-r md:px-2 md:py-3 lg:px-2.5">
        <Link to="/painel" className="flex items-center gap-2.5 px-2 pb-4 max-lg:justify-center max-md:hidden">
          <Mark />
          <span className="leading-tight max-lg:sr-only">
            <b className="block font-[650]">{shop}</b>
            <span className="text-xs text-muted">{texts.title}</span>
          </span>
        </Link>
        <nav aria-label={texts.menu.label} className="grid gap-0.5 max-md:flex max-md:overflow-x-auto max-md:px-1">
          {pages.map(([to, icon, label]) => (
            <NavLink
              key={to}
              to={to}
              end={to === '/painel'}
              title={label}
              className="flex min-h-9 items-center gap-2.5 rounded-[6px] px-2 font-medium text-muted hover:text-ink aria-[current=page]:bg-surface aria-[current=page]:text-ink aria-[current=page]:ring-1 aria-[current=page]:ring-line max-md:min-h-11 md:max-lg:justify-center"
            >
              <Icon name={icon} className="size-4" />
              <span className="md:max-lg:sr-only">{label}</span>
            </NavLink>
          ))}
        </nav>
        <div className="mt-auto flex items-center gap-2.5 border-t border-line px-2 pt-2.5 max-lg:flex-col max-md:hidden">
          <span
            aria-hidden="true"
            className="grid size-7 flex-none place-items-center rounded-full bg-slate-tint text-[11px] font-semibold text-slate"
          >
            {initialsOf(name)}
          </span>
          <span className="min-w-0 flex-1 leading-tight max-lg:sr-only">
            <b className="block truncate font-semibold">{name}</b>
            <span className="text-xs text-muted">{role}</span>
          </span>
          <Form method="post" action="/sair">
            <button
              type="submit"
              title={texts.menu.leave}
              className="grid size-8 place-items-center rounded-[6px] hover:bg-sunken"
            >
              <Icon name="leave" className="size-4" />
              <span className="sr-only">{texts.menu.leave}</span>
            </button>
          </Form>
        </div>
      </header>
      <div className="relative min-w-0">
        <Progress />
        <Keys />
        <Find />
        <main id="conteudo" className="px-4 pt-5 pb-12 md:px-6">
          <Outlet />
        </main>
      </div>
    </div>
  )
}

/** Reached from everywhere by Ctrl K. */
function Find() {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      field.current?.select()
      field.current?.focus()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  return (
    <Form
      method="post"
      action="/painel/busca"
      role="search"
      aria-label={search.title}
      className="no-print flex border-b border-line px-4 py-2 md:px-6"
    >
      <label className="flex min-h-8 w-full max-w-md items-center gap-2 rounded-[6px] border border-edge bg-surface px-2.5 text-muted lg:ml-auto lg:max-w-96">
        <Icon name="search" className="size-4" />
        <span className="sr-only">{search.label}</span>
        <input
          ref={field}
          name="o_que"
          type="search"
          maxLength={100}
          autoComplete="off"
          placeholder={search.label}
          className="w-full min-w-0 bg-transparent text-ink placeholder:text-muted"
        />
        <kbd className="rounded-[4px] bg-sunken px-1.5 font-sans text-[11px] whitespace-nowrap max-md:hidden">
          {search.keys}
        </kbd>
      </label>
    </Form>
  )
}

const initialsOf = (name: string) => {
  const words = name.split(' ')
  return ((words[0]?.charAt(0) ?? '') + (words.length > 1 ? (words.at(-1)?.charAt(0) ?? '') : '')).toUpperCase()
}

function Mark(): ReactNode {
  return (
    <svg viewBox="0 0 34 34" aria-hidden="true" className="size-7 flex-none">
      <rect width="34" height="34" rx="8" className="fill-ink" />
      <path d="M8 25V9M26 25V9" className="stroke-paper" strokeWidth="3.6" strokeLinecap="round" />
      <path
        d="M8.4 9.5 17 20.5 25.6 9.5"
        stroke="#2fbf80"
        strokeWidth="3.6"
        strokeLinecap="round"
        strokeLinejoin="round"
        fill="none"
      />
    </svg>
  )
}

function Progress() {
  const { state } = useNavigation()
  if (state === 'idle') return null
  return (
    <div role="status" className="absolute inset-x-0 top-0 h-0.5 overflow-hidden">
      <span className="sr-only">{texts.loading}</span>
      <span className="block h-full w-1/3 animate-progress bg-accent" />
    </div>
  )
}
