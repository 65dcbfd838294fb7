import { Link } from 'react-router'

export function Logo({ name }: { readonly name: string }) {
  return (
    <Link
      to="/"
      className="display flex flex-none items-center gap-2.5 whitespace-nowrap text-[17px] leading-none lg:text-[19px]"
    >
      <svg viewBox="0 0 34 34" aria-hidden="true" className="size-[30px] lg:size-[34px]">
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
      {name}
    </Link>
  )
}
