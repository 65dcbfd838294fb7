/** The drawing that stands for a vehicle, by its body or else by its model. */

export const BODIES = ['hatch', 'sedan', 'suv', 'pickup', 'moto'] as const
export type Body = (typeof BODIES)[number]

export const isBody = (word: string): word is Body => (BODIES as readonly string[]).includes(word)

/** Words that the stock may have; any other is looked up by the model. */
const NAMES: Readonly<Record<string, Body>> = {
  hatch: 'hatch',
  hatchback: 'hatch',
  perua: 'hatch',
  sedan: 'sedan',
  seda: 'sedan',
  coupe: 'sedan',
  cupe: 'sedan',
  conversivel: 'sedan',
  suv: 'suv',
  minivan: 'suv',
  van: 'suv',
  pickup: 'pickup',
  picape: 'pickup',
  moto: 'moto',
  motorcycle: 'moto',
  motocicleta: 'moto',
}

// biome-ignore format: a row a body
const MODELS: readonly (readonly [Body, RegExp])[] = [
  ['pickup', /\b(strada|toro|saveiro|montana|s10|hilux(?! sw4)|ranger|amarok|frontier|l200|oroch|maverick|rampage|titano|triton)\b/],
  ['suv',    /\b(compass|renegade|commander|hr-?v|cr-?v|wr-?v|t-?cross|nivus|tiguan|taos|creta|tucson|tracker|equinox|kicks|pulse|fastback|duster|captur|kardian|corolla cross|yaris cross|rav4|sw4|ecosport|territory|tiggo|song|aircross|2008|3008|asx|outlander|x1|q3|haval)\b/],
  ['sedan',  /\b(corolla|civic|city(?! hatch)|cruze(?! sport)|onix plus|prisma|cobalt|virtus|voyage|jetta|hb20s|versa|sentra|logan|cronos|grand siena|siena|linea|etios seda|yaris seda|arrizo|fluence|fusion|king|seal|classe c|serie 3)\b/],
  ['moto',   /\b(cg|biz|bros|titan|fan|fazer|factor|pop 1\d\d|pcx|cb ?\d+\w?|xre|lander|crosser|nmax|ybr|mt-?0\d|ninja|burgman|[fgr] ?\d{3,4} gs)\b/],
]

export function bodyOf(vehicle: { readonly body?: string | undefined; readonly model: string }): Body {
  return NAMES[folded(vehicle.body ?? '')] ?? ofModel(folded(vehicle.model))
}

const ofModel = (model: string): Body => MODELS.find(([, words]) => words.test(model))?.[0] ?? 'hatch'

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
