/** Vehicles for the pages' tests: one of each body, each in another colour. */
import { type Api, vehicleAt } from '../fixtures/system.ts'

const ROWS = [
  ['Fiat', 'Strada Volcano 1.3', 2023, 'Branco', 97_900],
  ['Chevrolet', 'Onix Premier 1.0', 2022, 'Prata', 74_900],
  ['Toyota', 'Corolla XEi 2.0', 2021, 'Preto', 112_900],
  ['Jeep', 'Compass Longitude', 2023, 'Vermelho', 154_500],
  ['Honda', 'CG 160 Titan', 2022, 'Azul', 15_900],
  ['Renault', 'Kwid Zen', 2020, 'Laranja', 46_900],
] as const

export async function stock(api: Api, times = 1): Promise<readonly number[]> {
  const ids: number[] = []
  for (let round = 0; round < times; round += 1)
    for (const [brand, model, year, color, price] of ROWS)
      ids.push(
        await vehicleAt(api, price + round, {
          ...{ brand, model, year, color, mileage_km: 31_200, fuel: 'Flex', transmission: 'Automático' },
          documentation: { licensing_year: 2026, has_debts: false, has_recall: true },
        }),
      )
  return ids
}
