/** A vehicle in the words of schema.org, for search engines. */
import type { Vehicle } from '../../clients/typescript/operations.ts'
import { photoPath } from './photo-files.ts'
import { nameOf, pathOf, widePictureOf } from './vehicle-facts.ts'

/** `<` would end the element that it stands in; as an escape JSON reads the same. */
export const scriptSafe = (data: unknown): string => JSON.stringify(data).replaceAll('<', '\\u003c')

const AVAILABILITY: Readonly<Record<Vehicle['status'], string>> = {
  available: 'InStock',
  reserved: 'LimitedAvailability',
  sold: 'SoldOut',
  picked_up: 'SoldOut',
  withdrawn: 'Discontinued',
  preparation: 'PreOrder',
  returned_to_owner: 'Discontinued',
}

export function vehicleJsonLd(vehicle: Vehicle, origin: string): Readonly<Record<string, unknown>> {
  const { brand, model, year, color, fuel, transmission, mileage_km, price, status, description } = vehicle
  const url = origin + pathOf(vehicle)
  return {
    '@context': 'https://schema.org',
    '@type': 'Car',
    name: `${nameOf(vehicle)} ${year}`,
    url,
    image: picturesOf(vehicle).map((path) => origin + path),
    description: description ?? `${brand} ${model} ${year}, ${color}`,
    brand: { '@type': 'Brand', name: brand },
    model,
    vehicleModelDate: String(year),
    color,
    itemCondition: 'https://schema.org/UsedCondition',
    ...(fuel && { fuelType: fuel }),
    ...(transmission && { vehicleTransmission: transmission }),
    ...(mileage_km !== undefined && {
      mileageFromOdometer: { '@type': 'QuantitativeValue', value: mileage_km, unitCode: 'KMT' },
    }),
    offers: {
      '@type': 'Offer',
      url,
      price: price.toFixed(2),
      priceCurrency: 'BRL',
      availability: `https://schema.org/${AVAILABILITY[status]}`,
      itemCondition: 'https://schema.org/UsedCondition',
    },
  }
}

const picturesOf = (vehicle: Vehicle): readonly string[] =>
  vehicle.photo_files?.map((photo) => photoPath(photo, 1600, 'jpeg')) ?? [widePictureOf(vehicle)]
