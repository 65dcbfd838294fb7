/** Days and months are those of São Paulo: 31 January, 22:00 there is still January. */
const DAY = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'America/Sao_Paulo',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

/** As `2026-11-29`. */
export const dayOf = (at: Date): string => DAY.format(at)
