/** Money, dates, distances and plates as Brazilians write them. */

const NBSP = '\u00a0'
const integer = new Intl.NumberFormat('pt-BR', { maximumFractionDigits: 0 })
const decimals = new Intl.NumberFormat('pt-BR', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const ZONE = 'America/Sao_Paulo'

/** `84.900`: whole reais where there are no cents. */
export const amount = (reais: number): string => (Number.isInteger(reais) ? integer : decimals).format(reais)

/** `84.900,00`, for papers and checkouts, where every cent counts. */
export const exactAmount = (reais: number): string => decimals.format(reais)

export const money = (reais: number): string => `R$${NBSP}${amount(reais)}`
export const exactMoney = (reais: number): string =>
  reais < 0 ? `−R$${NBSP}${exactAmount(-reais)}` : `R$${NBSP}${exactAmount(reais)}`

/** `R$ 60 mil`, for round thousands in titles and chips. */
export const roundMoney = (reais: number): string =>
  reais % 1_000 === 0 ? `R$${NBSP}${integer.format(reais / 1_000)}${NBSP}mil` : money(reais)

const count = (number: number): string => integer.format(number)
export const kilometres = (km: number): string => `${integer.format(km)}${NBSP}km`

/** `12 nov 2026` */
export function day(iso: string): string {
  const parts = new Intl.DateTimeFormat('pt-BR', { day: 'numeric', month: 'short', year: 'numeric', timeZone: ZONE })
    .formatToParts(new Date(iso))
    .filter(({ type }) => type === 'day' || type === 'month' || type === 'year')
  return parts.map(({ value }) => value.replace('.', '')).join(' ')
}

/** `14h02` */
export function hour(iso: string): string {
  const [hours, minutes] = new Intl.DateTimeFormat('pt-BR', { hour: '2-digit', minute: '2-digit', timeZone: ZONE })
    .format(new Date(iso))
    .split(':')
  return `${hours}h${minutes}`
}

export const dayAndHour = (iso: string): string => `${day(iso)}, ${hour(iso)}`

export const cnpj = (digits: string): string => digits.replace(/^(.{2})(.{3})(.{3})(.{4})(.{2})$/, '$1.$2.$3/$4-$5')

/** `+5519987654321` → `(19) 98765-4321` */
export const phone = (e164: string): string => e164.replace(/^\+55(\d{2})(\d{4,5})(\d{4})$/, '($1) $2-$3')

/** `0-99` and letters without accents, for the readable end of an address. */
export const slug = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

/** `um carro`, `2 carros`. */
export const counted = (number: number, one: string, many: string): string =>
  `${count(number)} ${number === 1 ? one : many}`

/** Of days: `5 anos`, `11 anos`, `18 meses`, `90 dias`. */
export function lasting(days: number): string {
  const months = Math.round(days / 30.44)
  if (months >= 12 && months % 12 === 0) return counted(months / 12, 'ano', 'anos')
  return months >= 12 ? counted(months, 'mês', 'meses') : counted(days, 'dia', 'dias')
}

/** `Quinta-feira, 26 de novembro` */
export function longDay(iso: string): string {
  const told = new Intl.DateTimeFormat('pt-BR', { weekday: 'long', day: 'numeric', month: 'long', timeZone: ZONE })
  const text = told.format(new Date(iso))
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** `14:02:37`, in the São Paulo day of the reader. */
export const second = (iso: string): string =>
  new Intl.DateTimeFormat('pt-BR', { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: ZONE }).format(
    new Date(iso),
  )

/** `158 ms`, `30,0 s`, `1 min 31 s`, `2 h 5 min`: how long something took. */
export function took(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1).replace('.', ',')} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1_000)} s`
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : lasting(Math.floor(minutes / 1_440))
}

/** `2026-11-29`: the present day in São Paulo. */
export const isoDay = (at: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(at)
