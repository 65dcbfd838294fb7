/** A buyer's way, from signing up to the pickup code, and everything that can come between. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { databasePrefix } from '../fixtures/database.ts'
import { endings } from './endings.suite.ts'
import { givingBack } from './giving-back.suite.ts'
import { codeFor, PASSWORD, person } from './person.ts'
import { openShop, PHONE, type Shop, skip } from './shop.ts'
import { carAt, confirm, payAt, title, visit } from './visit.ts'

const prefix = databasePrefix()
const shop = (skip ? undefined : await openShop({ DATABASE_PREFIX: prefix })) as Shop
const car = (price?: number) => carAt(shop, price)
const visitor = (t: TestContext, money = {}, options: BrowserContextOptions = {}) => visit(t, shop, money, options)
const pay = (page: Page) => payAt(shop, page)

test('somebody without an account signs up, buys by Pix, pays, and has the pickup code', { skip }, async (t) => {
  const vehicle = await car()
  const { page, complaints, shoot } = await shop.open(t)
  const email = `bia.${Date.now()}@example.com`
  await page.goto(`/comprar/${vehicle}`)
  await page.getByRole('link', { name: 'Criar conta' }).click()
  await page.getByLabel('Nome completo').fill('Bia Prado Reis')
  await page.getByLabel('CPF ou CNPJ').fill('111.111.111-11')
  await page.getByLabel('Data de nascimento').fill('1988-05-20')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Celular').fill('(19) 98765-4321')
  await page.getByLabel('Senha').fill(PASSWORD)
  await page.getByRole('button', { name: 'Criar conta' }).click()
  await page.getByText('Confira os números do CPF ou CNPJ.').waitFor()
  await page.getByLabel('CPF ou CNPJ').fill(generateCpf())
  await page.getByLabel('Senha').fill(PASSWORD)
  await page.getByRole('button', { name: 'Criar conta' }).click()
  await page.getByLabel('Código de 6 dígitos').fill(await codeFor(shop, email))
  await page.getByRole('button', { name: 'Confirmar', exact: true }).click()
  await title(page, 'Como você quer pagar?')
  await shoot('buy-1440')
  await confirm(page)
  await title(page, 'Falta só o Pix')
  await page.getByRole('img', { name: /Código QR do Pix/ }).waitFor()
  await shoot('purchase-pix-1440')
  await pay(page)
  await title(page, 'O carro é seu')
  await page.getByText('Código de retirada', { exact: true }).waitFor()
  await shoot('purchase-done-1440')
  await page.goto('/conta')
  await page.getByRole('link', { name: 'Ver código' }).waitFor()
  await page.getByRole('banner').getByText('Bia', { exact: true }).waitFor()
  assert.deepEqual(
    complaints.filter((said) => !said.includes('422')),
    [],
  )
})

test('a balance and a credit pay at once, and one that does not cover the price cannot be chosen', {
  skip,
}, async (t) => {
  const { page, shoot } = await visitor(t, { balance: 70_000, credit: 70_000 })
  await page.goto(`/comprar/${await car()}`)
  await confirm(page, 'Saldo na conta')
  await title(page, 'O carro é seu')
  await page.goto(`/comprar/${await car()}`)
  assert.equal(await page.getByRole('radio', { name: /Saldo na conta/ }).isDisabled(), true)
  await confirm(page, 'Crédito da loja')
  await title(page, 'O carro é seu')
  await page.goto('/conta/extrato')
  await page.getByText('R$ 7.100,00').first().waitFor()
  await shoot('statement-1440')
})

test('the slower buyer is told so, and has paid nothing', { skip }, async (t) => {
  const vehicle = await car()
  const { page, shoot } = await visitor(t)
  await page.goto(`/comprar/${vehicle}`)
  const other = await person(shop, { balance: 70_000 })
  await shop.api.call('orquestrador', 'POST', '/purchase', {
    ...{ customer_id: other.customer_id, vehicle_id: vehicle, payment_type: 'pix' },
  })
  await page.waitForFunction(async (path) => (await fetch(path)).url.includes('/carros/'), `/comprar/${vehicle}`)
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  await page.getByRole('button', { name: 'Confirmar a compra' }).click()
  await page
    .getByText(/Outra pessoa está comprando este carro|Reservado\./)
    .first()
    .waitFor()
  await shoot('too-late-1440')
})

test('a changed price stops the purchase, and the buyer is told the new one', { skip }, async (t) => {
  const vehicle = await car(62_900)
  const { page, shoot } = await visitor(t)
  await page.goto(`/comprar/${vehicle}`)
  const changed = await shop.api.call('veiculo-service', 'PUT', `/vehicles/${vehicle}`, { price: 65_000 })
  assert.equal(changed.status, 200)
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  await page.getByRole('button', { name: 'Confirmar a compra' }).click()
  await page.getByText(/O preço mudou de R\$\s62\.900,00 para R\$\s65\.000,00/).waitFor()
  await shoot('price-moved-1440')
})

test('the page says what comes back after a cancellation, and everything comes back', { skip }, async (t) => {
  const { page, shoot } = await visitor(t, {}, { viewport: PHONE })
  await page.goto(`/comprar/${await car()}`)
  await confirm(page)
  await title(page, 'Falta só o Pix')
  await shoot('purchase-pix-390')
  await page.getByRole('link', { name: 'Cancelar a compra' }).click()
  await page.getByText('O código Pix deixa de valer.').waitFor()
  await page.getByRole('button', { name: 'Cancelar a compra' }).click()
  await title(page, 'Compra cancelada')
  await page.getByText('Liberamos o carro').waitFor()
  await shoot('cancelled-390')
})

test('two tabs show the same purchase, and one that was offline catches up', { skip }, async (t) => {
  // once the page has its stream, it has its scripts; if the network went before that, it would stay as the server wrote it
  const isLive = (page: Page) => page.waitForResponse((response) => response.url().endsWith('/eventos'))
  const { page } = await visitor(t)
  await page.goto(`/comprar/${await car()}`)
  const first = isLive(page)
  await confirm(page)
  await title(page, 'Falta só o Pix')
  await first
  const second = await page.context().newPage()
  await Promise.all([isLive(second), second.goto(page.url())])
  await title(second, 'Falta só o Pix')
  await page.context().setOffline(true)
  await pay(page)
  await page.context().setOffline(false)
  await title(page, 'O carro é seu')
  await title(second, 'O carro é seu')
})

test('a session that ended in the middle leads to the sign-in and back', { skip }, async (t) => {
  const vehicle = await car()
  const { page, who } = await visitor(t)
  await page.goto(`/comprar/${vehicle}`)
  await page.context().clearCookies()
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  await page.getByRole('button', { name: 'Confirmar a compra' }).click()
  await title(page, 'Entrar')
  await page.getByLabel('E-mail').fill(who.email)
  await page.getByLabel('Senha').fill('not this one')
  await page.getByRole('button', { name: 'Entrar', exact: true }).click()
  await page.getByText('E-mail ou senha não conferem.').waitFor()
  await page.getByLabel('Senha').fill(PASSWORD)
  await page.getByRole('button', { name: 'Entrar', exact: true }).click()
  await title(page, 'Como você quer pagar?')
})

test('without scripts somebody signs in, buys, and cancels', { skip }, async (t) => {
  const vehicle = await car()
  const who = await person(shop)
  const { page, shoot } = await shop.open(t, { javaScriptEnabled: false })
  await page.goto(`/comprar/${vehicle}`)
  await page.getByLabel('E-mail').fill(who.email)
  await page.getByLabel('Senha').fill(PASSWORD)
  await page.getByRole('button', { name: 'Entrar', exact: true }).click()
  await confirm(page)
  await title(page, 'Falta só o Pix')
  await shoot('purchase-without-scripts')
  await page.getByRole('link', { name: 'Cancelar a compra' }).click()
  await page.getByRole('button', { name: 'Cancelar a compra' }).click()
  await title(page, 'Compra cancelada')
})

test('nobody sees another person’s purchase', { skip }, async (t) => {
  const { page } = await visitor(t)
  await page.goto(`/comprar/${await car()}`)
  await confirm(page)
  const other = await visitor(t)
  const answer = await other.page.goto(page.url())
  assert.equal(answer?.status(), 404)
  assert.equal((await other.page.request.get(`${page.url()}/eventos`)).status(), 404)
})

test('no token is in any page, address or script storage', { skip }, async (t) => {
  const { page } = await visitor(t)
  await page.goto('/conta/dados')
  const html = await page.content()
  assert.doesNotMatch(html, /eyJ[\w-]+\.[\w-]+\./)
  assert.deepEqual(await page.evaluate(() => [document.cookie, localStorage.length]), ['', 0])
})

if (!skip) {
  endings(shop, prefix)
  givingBack(shop)
}
