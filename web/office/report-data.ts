/** The data that the page of reports and its panels show. */
import type { SalesReport, StockReport } from '../../clients/typescript/operations.ts'
import type { Period } from './report-period.ts'

export interface ReportData {
  readonly period: Period
  /** The present day in São Paulo. */
  readonly today: string
  readonly time: SalesReport
  readonly before: SalesReport | undefined
  readonly brands: SalesReport['rows']
  readonly sellers: SalesReport['rows']
  readonly ways: SalesReport['rows']
  readonly stock: StockReport
  readonly now: number
}

/** The address of the CSV file with the same figures. */
export const fileOf = ({ from, to }: Period, group: string): string =>
  `/painel/relatorios/vendas.csv?from=${from}&to=${to}&group=${group}`
