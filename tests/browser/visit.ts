/** The acts of buyers in the pages, in the words of the tests. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { sagaOf, vehicleAt } from '../fixtures/system.ts'
import { person } from './person.ts'
import type { Shop } from './shop.ts'

export const carAt = ({ api }: Pick<Shop, 'api'>, price = 62_900) =>
  vehicleAt(api, price, { model: 'Argo Drive 1.0', mileage_km: 51_300, fuel: 'Flex', color: 'Vermelho' })

/** A browser of somebody who has signed in. */
export async function visit(t: TestContext, shop: Shop, money = {}, options: BrowserContextOptions = {}) {
  const tab = await shop.open(t, options)
  const who = await person(shop, money)
  await who.enter(tab.page.context())
  return { ...tab, who }
}

/** Ticks the boxes that must be ticked, and presses the button. */
export async function order(page: Page, way?: 'Pix' | 'Saldo na conta' | 'Crédito da loja') {
  if (way) await page.getByRole('radio', { name: new RegExp(way) }).check()
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  await page.getByRole('button', { name: 'Confirmar a compra' }).click()
}

/** Like `order`, and checks that the order is accepted. */
export async function confirm(page: Page, way?: 'Pix' | 'Saldo na conta' | 'Crédito da loja') {
  await order(page, way)
  await page.waitForURL(/\/compra\//, { waitUntil: 'commit' }) // what is on it is waited for by whoever needs it
}

export const title = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor({ timeout: 20_000 })

export const idOf = (page: Page) => new URL(page.url()).pathname.split('/')[2] ?? ''

/** The Pix of the page's purchase, as a bank would pay it. */
export async function payAt({ api }: Pick<Shop, 'api'>, page: Page) {
  const { context } = await sagaOf(api, idOf(page))
  const paid = await api.call('pagamento-service', 'POST', '/payments', { payment_code: context.payment_code })
  assert.equal(paid.status, 201)
}
