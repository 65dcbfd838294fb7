/** The configuration as the pages read it: shown, not edited. It changes by deployment. */
import { type LoaderFunctionArgs, type MetaFunction, useLoaderData } from 'react-router'
import { expectStaff } from '../session.server.ts'
import { settings as texts } from '../texts/office-settings.pt-br.ts'
import { team } from '../texts/office-team.pt-br.ts'
import { settingsOf } from '../visit.server.ts'
import { PageHead, Panel } from './parts.tsx'
import { isAdmin } from './rights.ts'

export async function loader(args: LoaderFunctionArgs) {
  if (!isAdmin(await expectStaff(args))) throw new Response(null, { status: 404 })
  const { shop, rules, publicOrigin } = settingsOf(args.context)
  return { shop: texts.shop(shop, publicOrigin), rules: texts.rules(rules, shop) }
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function SettingsPage() {
  const { shop, rules } = useLoaderData<typeof loader>()
  return (
    <>
      <PageHead crumbs={[['/painel/equipe', team.title]]} title={texts.title} about={texts.about} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-2 xl:items-start">
        <Lines title={texts.rulesTitle} lines={rules} />
        <Lines title={texts.shopTitle} lines={shop} />
      </div>
    </>
  )
}

function Lines({
  title,
  lines,
}: {
  readonly title: string
  readonly lines: readonly (readonly [name: string, value: string, variable: string])[]
}) {
  const words = texts.columns
  return (
    <Panel title={title} flush>
      <table className="w-full">
        <thead>
          <tr>
            <th>{words.what}</th>
            <th>{words.value}</th>
            <th className="max-sm:hidden">{words.variable}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(([name, value, variable]) => (
            <tr key={variable}>
              <td>{name}</td>
              <td className="font-[550]">{value || <span className="text-amber-ink">{texts.none}</span>}</td>
              <td className="text-xs break-words text-muted max-sm:hidden">{variable}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
