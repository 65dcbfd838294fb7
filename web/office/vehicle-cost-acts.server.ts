/** Sends the expenses and the acquisition of a vehicle to veiculo-service. */
import { idTyped } from '#platform/typed-numbers'
import type { Client } from '../../clients/typescript/client.ts'
import { costs as texts } from '../texts/office-photos.pt-br.ts'
import { vehicle } from '../texts/office-stock.pt-br.ts'
import { amountIn } from './percent.ts'
import type { Outcome } from './vehicle-acts.server.ts'

const SOURCES = ['purchase', 'trade_in', 'consignment', 'return'] as const

export async function spend(client: Client, id: number, form: FormData): Promise<'spent' | Outcome> {
  const amount = amountIn(form.get('valor'))
  const what = String(form.get('oque') ?? '').trim()
  if (amount === undefined || amount === 0 || what.length < 3) return { fault: texts.unread }
  const answer = await client.enterVehicleExpense({
    path: { id },
    header: { 'idempotency-key': String(form.get('chave')) },
    body: { what, amount, spent_on: String(form.get('quando')) },
  })
  return answer.ok ? 'spent' : refused(answer)
}

export async function acquire(client: Client, id: number, form: FormData): Promise<'acquired' | Outcome> {
  const acquisition_cost = amountIn(form.get('valor'))
  const owner_customer_id = idTyped(String(form.get('dono') ?? '').trim()) || undefined
  const owner_share = amountIn(form.get('parte'))
  if (acquisition_cost === undefined) return { fault: texts.unread }
  const answer = await client.keepVehicleAcquisition({
    path: { id },
    body: {
      acquisition_cost,
      acquired_at: String(form.get('quando')),
      source: SOURCES.find((one) => one === form.get('origem')) ?? 'purchase',
      ...(owner_customer_id !== undefined && { owner_customer_id }),
      ...(owner_share !== undefined && { owner_share }),
    },
  })
  return answer.ok ? 'acquired' : refused(answer)
}

const refused = ({
  status,
  problem,
}: {
  readonly status: number
  readonly problem: { readonly name: string }
}): Outcome => ({
  fault: status === 422 ? texts.unread : (vehicle.refused[problem.name] ?? vehicle.refused.other),
})
