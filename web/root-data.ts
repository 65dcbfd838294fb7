/** What every page knows: whose shop this is, and who is looking. */
import type { Shop } from './settings.ts'

export interface RootData {
  readonly shop: Shop
  readonly publicOrigin: string
  /** Who is signed in. */
  readonly person?: { readonly name: string }
}
