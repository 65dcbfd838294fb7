/** Believable customers and vehicles, new at every run: true check digits, and identifiers that belong to nobody. */
import { randomInt } from 'node:crypto'
import { generateCpf, generateLicensePlate, generatePhone, generateRenavam } from '@brazilian-utils/brazilian-utils'
import { Type } from 'typebox'
import { normalisePhone } from '#platform/formats'
import type { Api } from './api.ts'

export interface Buyer {
  readonly id: number
  readonly name: string
}

export interface Car {
  readonly id: number
  readonly name: string
  readonly price: number
}

interface Model {
  readonly brand: string
  readonly model: string
  readonly year: number
  readonly color: string
  /** Whole BRL. */
  readonly price: number
  readonly mileage_km: number
  readonly fuel: string
  readonly transmission: string
  /** Manufacturer and plant, with which a chassi begins. */
  readonly wmi: string
}

// biome-ignore format: one row a vehicle
export const MODELS = {
  strada:  { brand: 'Fiat', model: 'Strada Volcano 1.3', year: 2023, color: 'Branco', price: 97_900, mileage_km: 31_200, fuel: 'Flex', transmission: 'Manual', wmi: '9BD' },
  polo:    { brand: 'Volkswagen', model: 'Polo Highline 200 TSI', year: 2022, color: 'Cinza', price: 92_500, mileage_km: 38_450, fuel: 'Flex', transmission: 'Automático', wmi: '9BW' },
  onix:    { brand: 'Chevrolet', model: 'Onix Premier 1.0 Turbo', year: 2023, color: 'Prata', price: 89_900, mileage_km: 27_800, fuel: 'Flex', transmission: 'Automático', wmi: '9BG' },
  hb20:    { brand: 'Hyundai', model: 'HB20 Comfort Plus', year: 2022, color: 'Azul', price: 74_900, mileage_km: 42_100, fuel: 'Flex', transmission: 'Manual', wmi: '9BH' },
  corolla: { brand: 'Toyota', model: 'Corolla XEi 2.0', year: 2022, color: 'Preto', price: 134_900, mileage_km: 45_300, fuel: 'Flex', transmission: 'Automático', wmi: '9BR' },
  compass: { brand: 'Jeep', model: 'Compass Longitude T270', year: 2023, color: 'Branco', price: 154_500, mileage_km: 29_700, fuel: 'Flex', transmission: 'Automático', wmi: '988' },
  kwid:    { brand: 'Renault', model: 'Kwid Zen', year: 2023, color: 'Vermelho', price: 54_900, mileage_km: 22_600, fuel: 'Flex', transmission: 'Manual', wmi: '93Y' },
  hrv:     { brand: 'Honda', model: 'HR-V EXL', year: 2023, color: 'Cinza', price: 146_900, mileage_km: 24_900, fuel: 'Flex', transmission: 'Automático', wmi: '93H' },
  hilux:   { brand: 'Toyota', model: 'Hilux SRV 2.8 4x4', year: 2021, color: 'Prata', price: 218_000, mileage_km: 71_500, fuel: 'Diesel', transmission: 'Automático', wmi: '8AJ' },
  tcross:  { brand: 'Volkswagen', model: 'T-Cross Comfortline', year: 2022, color: 'Branco', price: 112_900, mileage_km: 39_900, fuel: 'Flex', transmission: 'Automático', wmi: '9BW' },
  argo:    { brand: 'Fiat', model: 'Argo Drive 1.0', year: 2021, color: 'Vermelho', price: 49_900, mileage_km: 51_300, fuel: 'Flex', transmission: 'Manual', wmi: '9BD' },
  dolphin: { brand: 'BYD', model: 'Dolphin GS', year: 2024, color: 'Azul', price: 119_900, mileage_km: 12_400, fuel: 'Elétrico', transmission: 'Automático', wmi: 'LGX' },
} as const satisfies Record<string, Model>

export type ModelName = keyof typeof MODELS

const Created = Type.Object({ id: Type.Integer() })

/** `money` is the account balance or the credit limit, in BRL. */
export async function createBuyer(
  api: Api,
  name: string,
  money: { initial_balance?: number; credit_limit?: number },
): Promise<Buyer & { readonly document: string }> {
  const mailbox = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll(' ', '.')
  const document = generateCpf()
  const { id } = await api.ask('cliente-service', 'POST /customers', Created, {
    name,
    email: `${mailbox}.${randomInt(36 ** 8).toString(36)}@example.com`,
    phone: mobileNumber(),
    document,
    ...money,
  })
  return { id, name, document }
}

/** `cents` are the end of the price, by which the simulated payment provider decides how to behave. */
export async function createCar(api: Api, model: ModelName, cents: number): Promise<Car> {
  const { wmi, price: whole, ...vehicle } = MODELS[model]
  const price = (whole * 100 + cents) / 100
  const { id } = await api.ask('veiculo-service', 'POST /vehicles', Created, {
    ...vehicle,
    price,
    license_plate: generateLicensePlate('LLLNLNN'),
    chassi_number: `${wmi}${letters(6)}${digits(8)}`,
    renavam: generateRenavam(),
    documentation: { licensing_year: vehicle.year + 1, has_debts: false, has_recall: false },
  })
  return { id, name: `${vehicle.brand} ${vehicle.model} ${vehicle.year}`, price }
}

/** Repeated until it is valid, because the generator knows fewer numbering rules than the check. */
function mobileNumber(): string {
  for (;;) {
    const number = generatePhone('mobile')
    if (normalisePhone(number)) return number
  }
}

const CHASSI_LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ'

const letters = (count: number) =>
  Array.from({ length: count }, () => CHASSI_LETTERS[randomInt(CHASSI_LETTERS.length)]).join('')

const digits = (count: number) => String(randomInt(10 ** count)).padStart(count, '0')
