/** Bodies larger than usual: the service takes them at these routes alone, and the gateway passes them on as they come. */

export interface Upload {
  readonly method: 'POST'
  /** The beginning of the path, as service and gateway see it. */
  readonly path: RegExp
  /** The most that the body may have. */
  readonly bytes: number
}

const MEGABYTE = 1024 * 1024

/** A photo of 15 MB with its wrapping. */
export const PHOTO_UPLOAD: Upload = { method: 'POST', path: /^\/vehicles\/[^/]+\/photos$/, bytes: 16 * MEGABYTE }

/** A thousand vehicles. */
export const IMPORT_UPLOAD: Upload = { method: 'POST', path: /^\/vehicles\/import$/, bytes: 4 * MEGABYTE }

/** The same uploads from forms of the office. Without scripts, one form sends several photos; scripts send to `.data`. */
const PHOTO_FORM: Upload = {
  method: 'POST',
  path: /^\/painel\/estoque\/\d+\/fotos(\.data)?$/,
  bytes: 48 * MEGABYTE,
}
const IMPORT_FORM: Upload = {
  method: 'POST',
  path: /^\/painel\/estoque\/importar(\/parte)?(\.data)?$/,
  bytes: 4 * MEGABYTE,
}

export const uploads: readonly Upload[] = [PHOTO_UPLOAD, IMPORT_UPLOAD, PHOTO_FORM, IMPORT_FORM]
