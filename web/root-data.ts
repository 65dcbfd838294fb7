/** The data of every page: the shop, and the person who is signed in. */
import type { Shop } from './settings.ts'

export interface RootData {
  readonly shop: Shop
  readonly publicOrigin: string
  /** Who is signed in. */
  readonly person?: { readonly name: string }
}
