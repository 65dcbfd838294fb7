/** Why a line of a file was not taken in, in the words of the person who sent it. Pure. */
import { detailsInPortuguese, type ProblemName, problems } from '#contracts'
import type { Import } from '../../clients/typescript/operations.ts'
import { imported as texts } from '../texts/office-photos.pt-br.ts'
import { vehicle } from '../texts/office-stock.pt-br.ts'

type Refused = Import['errors'][number]

const FIELDS: Readonly<Record<string, string>> = { ...texts.fields, ...vehicle.fields }
const FAULTS: Readonly<Record<string, string>> = { ...texts.fieldFaults, ...vehicle.faults }

export const inWords = ({ line, field, message }: Refused): Refused => ({
  line,
  field: FIELDS[field] ?? field,
  message: reasonOf(field, message),
})

function reasonOf(field: string, message: string): string {
  const told = texts.reasons[message]
  if (told) return told
  if (/required/.test(message)) return texts.missing
  const problem = (Object.keys(problems) as ProblemName[]).find((name) => problems[name].detail === message)
  if (problem) return `${detailsInPortuguese[problem]}.`
  return FAULTS[field] ?? texts.unfit
}
