/** A purchase that does not end as it should: given up at each step, refused, outrun, on a slow line, by keyboard alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { holdInTransaction } from '../fixtures/hold.ts'
import { customerOf, sagaOf, until } from '../fixtures/system.ts'
import type { Shop } from './shop.ts'
import { carAt, confirm, idOf, order, title, visit } from './visit.ts'

const STEPS = [
  ['CREDIT_RESERVATION', 'cliente_service', 'credit_holds'],
  ['VEHICLE_RESERVATION', 'veiculo_service', 'vehicle_reservations'],
  ['PAYMENT_CODE_GENERATION', 'pagamento_service', 'payment_codes'],
  ['PAYMENT_PROCESSING', 'pagamento_service', 'payments'],
] as const

export function endings(shop: Shop, prefix: string): void {
  const holdTable = (database: string, table: string) =>
    holdInTransaction(`${prefix}${database}`, `lock table ${table} in exclusive mode`)

  for (const [step, database, table] of STEPS)
    test(`a buyer who gives up at ${step} is told what comes back, and gets it`, async (t) => {
      const { page, who } = await visit(t, shop, { balance: 70_000 })
      const vehicle = await carAt(shop)
      const release = await holdTable(database, table)
      t.after(release)
      await page.goto(`/comprar/${vehicle}`)
      await confirm(page, 'Saldo na conta')
      await until(`it is at ${step}`, async () => (await sagaOf(shop.api, idOf(page))).current_step === step)
      await page.getByRole('link', { name: 'Cancelar a compra' }).click()
      await page.getByText('O saldo reservado fica livre de novo.').waitFor()
      await page.getByRole('button', { name: 'Cancelar a compra' }).click()
      await title(page, 'Estamos cancelando')
      await release()
      await title(page, 'Compra cancelada')
      assert.equal((await customerOf(shop.api, who.customer_id)).account_balance, 70_000)
    })

  test('somebody who presses cancel too late is told so, and the car is theirs', async (t) => {
    const { page } = await visit(t, shop, { balance: 70_000 })
    const vehicle = await carAt(shop)
    const payment = await holdTable('pagamento_service', 'payments')
    t.after(payment)
    await page.goto(`/comprar/${vehicle}`)
    await confirm(page, 'Saldo na conta')
    await page.getByRole('link', { name: 'Cancelar a compra' }).click()
    await title(page, 'Cancelar esta compra?')
    const row = `select from vehicles where id = ${vehicle} for update`
    const sale = await holdInTransaction(`${prefix}veiculo_service`, row)
    t.after(sale)
    await payment()
    const id = idOf(page)
    await until('it is sold', async () => (await sagaOf(shop.api, id)).current_step === 'MARK_VEHICLE_AS_SOLD')
    await page.getByRole('button', { name: 'Cancelar a compra' }).click()
    await page.getByText('não dá mais para cancelar').waitFor()
    await sale()
    await page.getByRole('link', { name: 'Continuar comprando' }).click()
    await title(page, 'O carro é seu')
  })

  test('a payment that is declined is told, with nothing charged and the way to another car', async (t) => {
    const { page, who, shoot } = await visit(t, shop, { balance: 70_000 })
    await page.goto(`/comprar/${await carAt(shop, 62_900.13)}`)
    await confirm(page, 'Saldo na conta')
    await title(page, 'O pagamento não passou')
    await page.getByText('O pagamento foi recusado', { exact: true }).waitFor()
    await page.getByText('Devolvemos o seu saldo').waitFor()
    await page.getByRole('link', { name: 'Ver outros carros' }).waitFor()
    assert.equal((await customerOf(shop.api, who.customer_id)).account_balance, 70_000)
    await shoot('declined-1440')
  })

  test('if two buy the last car at the same time, one gets it and the other is told that somebody was faster', async (t) => {
    const vehicle = await carAt(shop)
    const [one, other] = await Promise.all([visit(t, shop), visit(t, shop)])
    for (const { page } of [one, other]) await page.goto(`/comprar/${vehicle}`)
    const release = await holdTable('veiculo_service', 'vehicle_reservations')
    t.after(release)
    for (const { page } of [one, other]) await confirm(page)
    for (const { page } of [one, other]) await atStep(shop, page, 'VEHICLE_RESERVATION')
    await release()
    const ends = (page: Page) =>
      page.getByRole('heading', { level: 1, name: /^(Falta só o Pix|Outra pessoa foi mais rápida)$/ })
    for (const { page } of [one, other]) await ends(page).waitFor({ timeout: 20_000 })
    const told = await Promise.all([one, other].map(({ page }) => ends(page).innerText()))
    assert.deepEqual(told.sort(), ['Falta só o Pix', 'Outra pessoa foi mais rápida'])
    const slower = (await ends(one.page).innerText()) === 'Falta só o Pix' ? other : one
    await slower.page.getByText('O carro foi vendido segundos antes. Você não pagou nada.').waitFor()
    await slower.shoot('outrun-1440')
  })

  test('on a slow line the button says that it works, and two presses buy once', async (t) => {
    const { page, who, shoot } = await visit(t, shop)
    await page.goto(`/comprar/${await carAt(shop)}`)
    const line = await page.context().newCDPSession(page)
    await line.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 1_500, downloadThroughput: 50_000, uploadThroughput: 20_000 },
    })
    await order(page)
    const busy = page.getByRole('button', { name: 'Gerando o Pix…' })
    await busy.waitFor()
    await shoot('buy-busy-1440')
    await busy.click()
    await title(page, 'Falta só o Pix')
    const { body } = await shop.api.call('orquestrador', 'GET', `/saga-states?customer_id=${who.customer_id}`)
    assert.equal(body.total, 1)
  })

  test('by keyboard alone a car is bought', async (t) => {
    const { page } = await visit(t, shop)
    const vehicle = await carAt(shop)
    await page.goto(`/carros/${vehicle}`)
    await tabTo(page, 'Reservar com Pix')
    await page.keyboard.press('Enter')
    await title(page, 'Como você quer pagar?')
    await tabTo(page, 'forma')
    await page.keyboard.press('Space')
    await tabTo(page, 'papeis')
    await page.keyboard.press('Space')
    await tabTo(page, 'termos')
    await page.keyboard.press('Space')
    await tabTo(page, 'Confirmar a compra')
    await page.keyboard.press('Enter')
    await title(page, 'Falta só o Pix')
    await tabTo(page, 'Copiar código Pix')
    await page.keyboard.press('Enter')
    await page.getByText('Copiado').first().waitFor()
  })
}

const atStep = ({ api }: Shop, page: Page, step: string) =>
  until(`it is at ${step}`, async () => (await sagaOf(api, idOf(page))).current_step === step)

/** Presses Tab until the element with this text or this field name has the focus. */
async function tabTo(page: Page, wanted: string) {
  for (let pressed = 0; pressed < 80; pressed += 1) {
    await page.keyboard.press('Tab')
    const [text, name] = await page.evaluate(() => {
      const now = document.activeElement
      return [now?.textContent?.trim(), now instanceof HTMLInputElement ? now.name : undefined]
    })
    if (text === wanted || name === wanted) return
  }
  throw new Error(`no way by keyboard to ${wanted}`)
}
