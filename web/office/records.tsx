/** The access log and the journal of each service, newest first, and whether their chains are whole. */
import { Form, type LoaderFunctionArgs, type MetaFunction, useLoaderData } from 'react-router'
import { serviceNames } from '#contracts'
import type { AccessEntry, JournalEntry } from '../../clients/typescript/operations.ts'
import { api } from '../api.server.ts'
import { dayAndHour } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { shortName } from '../store/purchase-story.ts'
import { office } from '../texts/office.pt-br.ts'
import { actName, fieldName, kinds } from '../texts/office-acts.pt-br.ts'
import { operation } from '../texts/office-operation.pt-br.ts'
import { records as texts } from '../texts/office-records.pt-br.ts'
import type { NameOf } from './author-names.ts'
import { type Book, check, pageOf } from './chain-check.server.ts'
import { authorNames } from './names.server.ts'
import { control, Nothing, PageHead, Panel, press, Told } from './parts.tsx'
import { isAdmin } from './rights.ts'

const SHOWN = 100
const UUID = /^[0-9a-f]{8}-/

interface Line {
  readonly id: number
  readonly at: string
  readonly who: string
  readonly what: string
  readonly about: string
  readonly why: string
}

export async function loader(args: LoaderFunctionArgs) {
  if (!isAdmin(await expectStaff(args))) throw new Response(null, { status: 404 })
  const { searchParams } = new URL(args.request.url)
  const service = serviceNames.find((one) => one === searchParams.get('servico')) ?? 'cliente-service'
  const book: Book = searchParams.get('livro') === 'journal' ? 'journal' : 'access-log'
  const { head } = await pageOf(args, service, book, 0, 1)
  const after = Math.max(0, head.id - SHOWN)
  const [{ entries }, nameOf] = await Promise.all([
    pageOf<AccessEntry | JournalEntry>(args, service, book, after, SHOWN),
    authorNames(api(args)),
  ])
  return {
    service,
    services: serviceNames,
    book,
    lines: entries.map((entry) => lineOf(entry, nameOf)).reverse(),
    verdict: searchParams.has('conferir') ? await check(args, service, book) : undefined,
  }
}

function lineOf(entry: AccessEntry | JournalEntry, nameOf: NameOf): Line {
  const { id, at, subject, role, about, about_id, reason } = entry
  const what = 'act' in entry ? actName(entry.act) : entry.fields.map(fieldName).join(', ')
  return {
    ...{ id, at, what },
    who: nameOf(`${role} ${subject}`),
    about: `${kinds[about] ?? about} ${UUID.test(String(about_id)) ? shortName(String(about_id)) : about_id}`,
    why: reason?.startsWith('GET /') ? texts.byPage : (reason ?? ''),
  }
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Records() {
  const { lines, verdict } = useLoaderData<typeof loader>()
  return (
    <>
      <PageHead crumbs={[['/painel/operacao', office.menu.operation]]} title={texts.title} about={texts.about} />
      <Choice />
      {verdict && <Checked verdict={verdict} />}
      <Panel flush>{lines.length === 0 ? <Nothing>{texts.none}</Nothing> : <Lines lines={lines} />}</Panel>
    </>
  )
}

function Checked({ verdict: { broken, entries, isPartial } }: { readonly verdict: Awaited<ReturnType<typeof check>> }) {
  if (broken) return <Told tone="bad">{texts.broken(broken.at, texts.reasons[broken.reason])}</Told>
  return <Told tone={isPartial ? 'warn' : 'good'}>{isPartial ? texts.partial(entries) : texts.whole(entries)}</Told>
}

function Choice() {
  const { service, services, book } = useLoaderData<typeof loader>()
  return (
    <Form className="no-print mb-4 flex flex-wrap items-end gap-2" key={`${service} ${book}`}>
      <label>
        <span className="mb-1 block text-xs font-[550]">{texts.service}</span>
        <select name="servico" defaultValue={service} className={control}>
          {services.map((one) => (
            <option key={one} value={one}>
              {operation.names[one] ?? one}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="mb-1 block text-xs font-[550]">{texts.book}</span>
        <select name="livro" defaultValue={book} className={control}>
          {Object.entries(texts.books).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className={press()}>
        {texts.show}
      </button>
      <button type="submit" name="conferir" value="sim" className={press('main')}>
        {texts.check}
      </button>
    </Form>
  )
}

function Lines({ lines }: { readonly lines: readonly Line[] }) {
  const words = texts.columns
  return (
    <table className="w-full">
      <thead>
        <tr>
          <th>{words.at}</th>
          <th>{words.who}</th>
          <th>{words.what}</th>
          <th className="max-md:hidden">{words.about}</th>
          <th className="max-md:hidden">{words.why}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ id, at, who, what, about, why }) => (
          <tr key={id}>
            <td className="text-muted md:whitespace-nowrap">{dayAndHour(at)}</td>
            <td className="max-w-52 break-words">{who}</td>
            <td className="font-[550]">
              {what}
              <span className="block text-xs font-normal text-muted md:hidden">
                {[about, why].filter(Boolean).join(' · ')}
              </span>
            </td>
            <td className="whitespace-nowrap max-md:hidden">{about}</td>
            <td className="min-w-32 max-md:hidden">{why}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
