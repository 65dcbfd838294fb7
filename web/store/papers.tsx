/** The facts that a seller must tell before a sale (Lei 13.111/2015), each with a verdict in a word and a sentence. */
import type { Vehicle } from '../../clients/typescript/operations.ts'
import { day } from '../formats.ts'
import { texts } from '../texts/index.ts'
import { papers } from '../texts/papers.pt-br.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { type Paper, papersOf, type Verdict } from './vehicle-facts.ts'

const SHAPES: Readonly<Record<Verdict, readonly [IconName, string, string]>> = {
  good: ['check', 'bg-accent-tint text-accent-ink', ''],
  bad: ['wrench', 'bg-amber-tint text-amber-ink', 'text-amber-ink'],
  unknown: ['warning', 'bg-sunken text-muted', 'text-muted'],
}

export function Papers({ vehicle }: { readonly vehicle: Vehicle }) {
  return (
    <section className="py-4" id="papeis">
      <h2 className="mb-5">{texts.vehicle.papers}</h2>
      <div className="panel p-5 lg:p-7">
        <ul>
          {papersOf(vehicle).map((paper) => (
            <Row key={paper.name} paper={paper} vehicle={vehicle} />
          ))}
        </ul>
        <p className="border-t border-line pt-4 text-sm text-muted">{texts.vehicle.papersLaw}</p>
      </div>
    </section>
  )
}

function Row({ paper: { name, verdict }, vehicle }: { readonly paper: Paper; readonly vehicle: Vehicle }) {
  const [icon, shape, ink] = SHAPES[verdict]
  const [title, said, help] = wordsOf(name, verdict, vehicle)
  return (
    <li className="grid grid-cols-[24px_1fr] items-start gap-x-3.5 gap-y-1 border-t border-line py-4 first:border-0 first:pt-0 sm:grid-cols-[24px_1fr_auto]">
      <span className={`grid size-6 place-items-center rounded-full ${shape}`}>
        <Icon name={icon} className="size-3.5" />
      </span>
      <h3 className="leading-6">{title}</h3>
      <p className={`text-[15px] font-semibold max-sm:col-start-2 sm:text-right ${ink}`}>{said}</p>
      <p className="col-start-2 text-sm text-muted sm:col-span-2">{help}</p>
    </li>
  )
}

function wordsOf(
  name: Paper['name'],
  verdict: Verdict,
  { documentation = {}, restrictions }: Vehicle,
): readonly [string, string, string] {
  const words = papers
  const title = words[name]
  if (verdict === 'unknown') return [title, words.unknown, words.unknownHelp]
  const { licensing_year = 0, inspection_approved_at = '' } = documentation
  switch (name) {
    case 'licensing':
      return [title, words.licensingYear(licensing_year), words.licensingPaid]
    case 'inspection':
      return [title, words.inspected, words.inspectedOn(day(inspection_approved_at))]
    case 'debts':
      return verdict === 'good'
        ? [title, words.noDebts, words.noDebtsHelp]
        : [title, words.hasDebts, words.hasDebtsHelp]
    case 'theft':
    case 'lien':
    case 'taxes':
    case 'fines':
    case 'other': {
      const { source = null, checked_on = null, note = null } = restrictions?.[name] ?? {}
      const looked = checked_on ? words.looked(source ?? words.theShop, day(`${checked_on}T12:00:00Z`)) : ''
      return [title, words.found[verdict], [note, looked].filter(Boolean).join(' ') || words.help[name][verdict]]
    }
    case 'recall':
      return verdict === 'good'
        ? [title, words.noRecall, words.noRecallHelp]
        : [title, words.hasRecall, words.hasRecallHelp]
  }
}
