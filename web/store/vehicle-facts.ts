/** A vehicle as the pages speak of it: its names, its drawing, its papers. Pure. */
import type { Vehicle } from '../../clients/typescript/operations.ts'
import { type Body, bodyOf } from '../art/body.ts'
import { drawingPath, type Framing } from '../art/drawing.ts'
import { paintOf } from '../art/paint.ts'
import { slug } from '../formats.ts'
import { photoPath } from './photo-files.ts'

/** The fields that the pages read; a vehicle inside a purchase has fewer of them. */
export type Described = Pick<Vehicle, 'brand' | 'model'> & { readonly color?: string; readonly body?: string }

/** `Toyota Corolla`: what a person calls it. */
export const nameOf = ({ brand, model }: Pick<Vehicle, 'brand' | 'model'>): string => `${brand} ${split(model).name}`

/** `XEi 2.0`: the rest of the badge. */
export const versionOf = ({ model }: Pick<Vehicle, 'model'>): string => split(model).version

/** Models of two words; every other name is one word, and what follows is the version. */
const TWO_WORDS =
  /^(corolla cross|yaris cross|onix plus|grand siena|etios sed[aã]|hilux sw4|song plus|dolphin mini|range rover|land cruiser|cg 1\d0|fazer \d+|mt 0\d|s\d \d)\b/i

function split(model: string): { name: string; version: string } {
  const [two] = TWO_WORDS.exec(model) ?? []
  const name = two ?? model.split(' ')[0] ?? model
  return { name, version: model.slice(name.length).trim() }
}

export const pathOf = (vehicle: Pick<Vehicle, 'id' | 'brand' | 'model' | 'year'>): string =>
  `/carros/${vehicle.id}/${slugOf(vehicle)}`

export const slugOf = ({ brand, model, year }: Pick<Vehicle, 'brand' | 'model' | 'year'>): string =>
  slug(`${brand} ${model} ${year}`)

export const pictureOf = (vehicle: Described, framing: Framing = 'picture'): string =>
  drawingPath(bodyOf(vehicle), paintOf(vehicle.color ?? ''), framing)

/** A wide picture for messengers and portals, which show no SVG: the first photo, or a drawing of its body type in silver. */
export function widePictureOf(vehicle: Described & Pick<Vehicle, 'photo_files'>): string {
  const [first] = vehicle.photo_files ?? []
  return first ? photoPath(first, 1600, 'jpeg') : `/og/${bodyOf(vehicle)}.jpg`
}

export const bodyNameOf = (vehicle: Described): Body => bodyOf(vehicle)

export type Verdict = 'good' | 'bad' | 'unknown'

const RESTRICTIONS = ['theft', 'lien', 'taxes', 'fines', 'other'] as const
type Restriction = (typeof RESTRICTIONS)[number]

/** A fact that a seller must tell before the sale (Lei 13.111/2015). An unknown one is shown as unknown. */
export interface Paper {
  readonly name: Restriction | 'licensing' | 'debts' | 'recall' | 'inspection'
  readonly verdict: Verdict
}

const FOUND = { clear: 'good', found: 'bad', unknown: 'unknown' } as const

export function papersOf({
  documentation = {},
  restrictions,
}: Pick<Vehicle, 'documentation' | 'restrictions'>): readonly Paper[] {
  const { licensing_year, has_debts, has_recall, inspection_approved_at } = documentation
  const without = (found: boolean | undefined): Verdict => (found === undefined ? 'unknown' : found ? 'bad' : 'good')
  const looked: readonly Paper[] = restrictions
    ? RESTRICTIONS.map((name) => ({ name, verdict: FOUND[restrictions[name].status] }))
    : [{ name: 'debts', verdict: without(has_debts) }]
  return [
    ...looked,
    { name: 'recall', verdict: without(has_recall) },
    { name: 'licensing', verdict: licensing_year === undefined ? 'unknown' : 'good' },
    { name: 'inspection', verdict: inspection_approved_at === undefined ? 'unknown' : 'good' },
  ]
}
