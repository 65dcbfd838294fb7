/** A chart with its table and a link to its file. */
import type { ReactNode } from 'react'
import { reports as texts } from '../texts/office-reports.pt-br.ts'
import { Icon } from '../ui/icon.tsx'
import { Panel } from './parts.tsx'

interface Table {
  /** The heading of each column, and whether the column holds figures. */
  readonly head: readonly (readonly [string, 'figures'?])[]
  readonly rows: readonly (readonly string[])[]
}

export function ReportPanel({
  title,
  about,
  csv,
  table,
  children,
  isOpen = false,
}: {
  readonly title: string
  readonly about?: ReactNode
  readonly csv?: string
  readonly table: Table
  readonly children?: ReactNode
  readonly isOpen?: boolean
}) {
  return (
    <Panel
      title={title}
      about={about}
      end={
        csv && (
          <a
            href={csv}
            download
            aria-label={`${texts.csv}: ${title}`}
            className="no-print inline-flex min-h-7 items-center gap-1.5 rounded-[6px] px-2 font-[550] hover:bg-sunken"
          >
            <Icon name="download" className="size-4" />
            {texts.csv}
          </a>
        )
      }
      flush
    >
      {table.rows.length === 0 ? (
        <p className="p-4 text-muted">{texts.none}</p>
      ) : (
        <>
          {children && <div className="p-4 pb-3">{children}</div>}
          {children ? (
            <details className="border-t border-line" open={isOpen}>
              <summary className="flex min-h-9 items-center px-4 font-[550] text-accent hover:underline">
                {texts.table}
              </summary>
              <Rows table={table} title={title} />
            </details>
          ) : (
            <Rows table={table} title={title} />
          )}
        </>
      )}
    </Panel>
  )
}

function Rows({ table: { head, rows }, title }: { readonly table: Table; readonly title: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll a table that is wider than the screen
    <section className="overflow-x-auto" aria-label={`${texts.table}: ${title}`} tabIndex={0}>
      <table className="w-full">
        <thead>
          <tr>
            {head.map(([name, kind]) => (
              <th key={name} className={kind ? 'number' : ''}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]}>
              {row.map((cell, index) => (
                <td key={head[index]?.[0]} className={head[index]?.[1] ? 'number' : 'font-[550]'}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
