/** The addresses of a photo's files. The file of a name never changes, so browsers keep it for a year. Pure. */
import type { Photo, Vehicle } from '../../clients/typescript/operations.ts'

/** The fields of a photo that a page needs. Its list of files is dropped, because their names follow from these fields. */
export type Shot = Pick<Photo, 'id' | 'hash' | 'width' | 'height' | 'placeholder'>
type Format = 'avif' | 'webp' | 'jpeg'

/** Widths of a photo's files, in pixels. A narrower photo keeps its own width under the same name. */
const WIDTHS = [320, 800, 1600] as const
type Width = (typeof WIDTHS)[number]

export const photoPath = ({ hash }: Pick<Shot, 'hash'>, width: Width, format: Format): string =>
  `/photos/${hash}-${width}.${format}`

/** For `srcset`: the files of the photo, each wider than the one before. */
export function sourcesOf(shot: Pick<Shot, 'hash' | 'width'>, format: Format): string {
  const useful = WIDTHS.filter((_, index) => index === 0 || (WIDTHS[index - 1] ?? 0) < shot.width)
  return useful.map((width) => `${photoPath(shot, width, format)} ${Math.min(width, shot.width)}w`).join(', ')
}

export function shotOf({ id, hash, width, height, placeholder }: Photo): Shot {
  return { id, hash, width, height, placeholder }
}

/** A vehicle for a card: one photo, and only the fields that a card shows, because a page sends its data twice, as HTML and as JSON. */
export interface Listed
  extends Pick<
    Vehicle,
    'id' | 'brand' | 'model' | 'year' | 'color' | 'price' | 'status' | 'mileage_km' | 'fuel' | 'transmission' | 'body'
  > {
  readonly shot?: Shot
}

export function listed(vehicle: Vehicle): Listed {
  const { id, brand, model, year, color, price, status, mileage_km, fuel, transmission, body } = vehicle
  const [first] = vehicle.photo_files ?? []
  return {
    ...{ id, brand, model, year, color, price, status },
    ...(mileage_km !== undefined && { mileage_km }),
    ...(fuel !== undefined && { fuel }),
    ...(transmission !== undefined && { transmission }),
    ...(body !== undefined && { body }),
    ...(first && { shot: shotOf(first) }),
  }
}
