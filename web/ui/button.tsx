/** One look for everything that is pressed, a form's button or a link. Each view has one green button at most. */
import type { ComponentProps, ReactNode } from 'react'
import { Link, type LinkProps } from 'react-router'

type Kind = 'main' | 'plain' | 'danger' | 'quiet'
type Size = 'small' | 'usual' | 'big'

const KINDS: Readonly<Record<Kind, string>> = {
  main: 'border-transparent bg-accent text-on-accent hover:bg-accent-strong',
  plain: 'border-edge bg-surface text-ink hover:bg-sunken',
  danger: 'border-edge bg-surface text-red hover:bg-red-tint',
  quiet: 'border-transparent text-ink hover:bg-sunken',
}
const SIZES: Readonly<Record<Size, string>> = {
  small: 'min-h-11 px-4 text-sm',
  usual: 'min-h-12 px-5',
  big: 'min-h-14 px-6 text-[17px]',
}

interface Look {
  readonly kind?: Kind
  readonly size?: Size
  readonly wide?: boolean
  readonly children: ReactNode
}

const looks = ({ kind = 'main', size = 'usual', wide = false }: Omit<Look, 'children'>) =>
  `inline-flex items-center justify-center gap-2 rounded-control border font-[650] text-center leading-tight transition-colors duration-100 ${KINDS[kind]} ${SIZES[size]} ${wide ? 'w-full' : ''}`

export function Button({
  kind,
  size,
  wide,
  busy,
  children,
  ...rest
}: Look & Omit<ComponentProps<'button'>, 'className'> & { readonly busy?: string | false | undefined }) {
  const look = looks({ ...(kind && { kind }), ...(size && { size }), ...(wide && { wide }) })
  return (
    <button type="submit" {...rest} className={look} aria-disabled={busy ? true : undefined}>
      {busy ? (
        <>
          <span className="size-4 animate-spin rounded-full border-2 border-current border-r-transparent" />
          {busy}
        </>
      ) : (
        children
      )}
    </button>
  )
}

export function LinkButton({ kind, size, wide, children, ...rest }: Look & Omit<LinkProps, 'className'>) {
  return (
    <Link {...rest} className={looks({ ...(kind && { kind }), ...(size && { size }), ...(wide && { wide }) })}>
      {children}
    </Link>
  )
}
