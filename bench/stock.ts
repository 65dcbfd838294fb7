/** Makes as many customers with money and vehicles on sale as a run needs, over HTTP. */
import { generateCpf, isValidRenavam } from '@brazilian-utils/brazilian-utils'
import type { Client } from './client.ts'

const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ'
const AT_ONCE = 32

export interface Stock {
  readonly customerIds: number[]
  readonly vehicleIds: number[]
}

/** Returns the new ids. Every vehicle costs the same, and every customer can pay for all of them. */
export async function stockUp(
  client: Client,
  customers: number,
  vehicles: number,
  firstVehicle: number,
): Promise<Stock> {
  const run = Date.now().toString(36)
  const customerIds = await produce(customers, (index) =>
    client.create('cliente-service', '/customers', {
      name: `Cliente ${index}`,
      email: `cliente-${run}-${index}@example.com`,
      phone: '+5511987654321',
      document: generateCpf(),
      initial_balance: 900_000_000,
    }),
  )
  const vehicleIds = await produce(vehicles, (index) =>
    client.create('veiculo-service', '/vehicles', vehicle(firstVehicle + index)),
  )
  return { customerIds, vehicleIds }
}

async function produce(count: number, make: (index: number) => Promise<number>): Promise<number[]> {
  const ids: number[] = []
  for (let from = 0; from < count; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - from)
    ids.push(...(await Promise.all(Array.from({ length: size }, (_, offset) => make(from + offset)))))
  }
  return ids
}

function vehicle(index: number) {
  const letter = (power: number) => LETTERS[Math.floor(index / 10_000 / LETTERS.length ** power) % LETTERS.length]
  const serial = String(index).padStart(8, '0')
  return {
    brand: 'Fiat',
    model: 'Strada',
    year: 2024,
    color: 'Branco',
    price: 100,
    license_plate: `A${letter(1)}${letter(0)}${String(index % 10_000).padStart(4, '0')}`,
    chassi_number: `9BD281A22${serial}`,
    renavam: renavam(index),
  }
}

function renavam(index: number): string {
  const base = String(1_000_000_000 + index)
  const digits = '0123456789'.split('').map((digit) => base + digit)
  const valid = digits.find((candidate) => isValidRenavam(candidate))
  if (!valid) throw new Error(`no check digit fits ${base}`)
  return valid
}
