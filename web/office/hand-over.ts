/** Reads the form of a handover. Pure. */
import { wholeTyped } from '#platform/typed-numbers'
import type { Operations } from '../../clients/typescript/operations.ts'

export const WHO = ['buyer', 'representative', 'proxy'] as const

export function handOverIn(form: FormData): Operations['pickupVehicle']['body'] {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  /** The service refuses a text that is no number. */
  const number = (name: string) => wholeTyped(text(name)) ?? Number.NaN
  const as = WHO.find((one) => one === text('como')) ?? 'buyer'
  return {
    ...(text('codigo') && { pickup_code: text('codigo') }),
    ...(text('documento') && !text('codigo') && { buyer_document: text('documento') }),
    received_by: { name: text('nome'), as, ...(text('prova') && { proof: text('prova') }) },
    ...(text('km') && { mileage_km: number('km') }),
    ...(text('chaves') && { keys: number('chaves') }),
    ...(form.has('manual') && { manual: true }),
  }
}
