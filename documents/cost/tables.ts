/** The cost of a month as tables of a page in Portuguese. */

import { type Scale, scales, usage } from './load.ts'
import { traffic } from './messages.ts'
import { instancesOf, monthOf, number, peakRequests, totalOf } from './model.ts'
import { BRL, DATE, prices } from './prices.ts'

export function priceTable(): string {
  const rows = Object.values(prices).map(
    ({ usd, per, source, isSeen }) =>
      `| US$ ${number(usd)} | ${per} | <${source}> | ${isSeen ? 'lido na página' : 'a conferir'} |`,
  )
  return [
    `Em ${day(DATE)}, a R$ ${number(BRL)} por dólar:`,
    '',
    '| preço | por | fonte | |',
    '| ---: | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

export function summaryTable(): string {
  const months = scales.map((scale) => ({ scale, lines: monthOf(scale) }))
  const whats = months[0]?.lines.map(({ what }) => what) ?? []
  const row = (what: string, cell: (month: (typeof months)[number]) => string) =>
    `| ${[what, ...months.map(cell)].join(' | ')} |`
  return [
    row('US$ por mês', ({ scale }) => scale.name),
    `| --- |${' ---: |'.repeat(months.length)}`,
    ...whats.map((what, index) => row(what, ({ lines }) => dollars(lines[index]?.usd ?? 0))),
    row('**total**', ({ lines }) => `**${dollars(totalOf(lines))}**`),
    row('total em reais', ({ lines }) => `R$ ${whole(totalOf(lines) * BRL)}`),
    row('por compra', ({ lines, scale }) => `R$ ${cents((totalOf(lines) * BRL) / scale.purchases)}`),
  ].join('\n')
}

export function arithmetic(): string {
  return scales.map(sumsOf).join('\n\n')
}

function sumsOf(scale: Scale): string {
  const head = `**${scale.name} por mês**: no pico ${cents(peakRequests(scale))} requisições e ${cents(peakRequests(scale) / usage.requests_per_purchase)} compras por segundo; ${instancesOf(scale)} instâncias dos seis serviços.`
  const rows = monthOf(scale).map(({ what, sum, usd }) => `| ${what} | ${sum} | ${dollars(usd)} |`)
  return [head, '', '| o quê | conta | US$ |', '| --- | --- | ---: |', ...rows].join('\n')
}

export function trafficTable(): string {
  const { published, delivered, bytes, billed_bytes } = traffic()
  return [
    `Uma compra concluída publica **${published}** mensagens, que são entregues **${delivered}** vezes: ${number(bytes)} bytes como o Pub/Sub os conta,`,
    `cobrados como ${number(billed_bytes)} quando cada mensagem viaja sozinha (o mínimo é de 1.000 bytes por requisição).`,
  ].join('\n')
}

const dollars = (usd: number) => usd.toLocaleString('pt-BR', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

const whole = (value: number) => value.toLocaleString('pt-BR', { maximumFractionDigits: 0 })

const cents = (value: number) => value.toLocaleString('pt-BR', { maximumSignificantDigits: 3 })

const day = (date: string) => date.split('-').reverse().join('/')
