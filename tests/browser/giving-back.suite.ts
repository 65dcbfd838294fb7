/**
 * After the purchase: withdrawn within seven days, kept after all, received and paid back; and axe on the pages of buyers.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pickUp, receive } from '../fixtures/returns.ts'
import { customerOf, sagaOf } from '../fixtures/system.ts'
import { axeFinds } from './axe.ts'
import { PHONE, type Shop } from './shop.ts'
import { carAt, confirm, idOf, title, visit } from './visit.ts'

export function givingBack(shop: Shop): void {
  test('somebody who has the car withdraws by a button, brings it, and has the money back', async (t) => {
    const { page, who, shoot } = await visit(t, shop, { balance: 70_000 })
    const vehicle = await carAt(shop)
    await page.goto(`/comprar/${vehicle}`)
    await confirm(page, 'Saldo na conta')
    await title(page, 'O carro é seu')
    const purchase = idOf(page)
    await pickUp(shop.api, { id: purchase, buyer: who.customer_id, vehicle })
    await page.reload()
    await page.getByText(/pode desistir até \d+ \p{L}+ \d{4}/u).waitFor()
    await page.getByRole('link', { name: 'Desistir da compra', exact: true }).click()
    await title(page, 'Desistir desta compra?')
    await page.getByText(/62\.900,00 voltam para o seu saldo/).waitFor()
    await shoot('withdraw-1440')
    await page.getByLabel('Quer contar por quê?').fill('Não coube na garagem.')
    await page.getByRole('button', { name: 'Desistir da compra', exact: true }).click()
    await title(page, 'Falta você trazer o carro')
    await shoot('return-waiting-1440')
    await receive(shop.api, idOf(page))
    await title(page, 'Devolução concluída')
    await shoot('return-done-1440')
    assert.equal((await customerOf(shop.api, who.customer_id)).account_balance, 70_000)
    await page.getByRole('link', { name: 'Ver a compra' }).click()
    await page.getByText('Este carro foi devolvido.').waitFor()
    await page.goto('/conta/devolucoes')
    await page.getByText(/^Carro recebido em/).waitFor()
  })

  test('somebody who changes their mind again keeps the car, and without scripts too', async (t) => {
    const { page, shoot } = await visit(t, shop, { balance: 70_000 }, { viewport: PHONE, javaScriptEnabled: false })
    await page.goto(`/comprar/${await carAt(shop)}`)
    await confirm(page, 'Saldo na conta')
    await title(page, 'O carro é seu')
    await page.getByRole('link', { name: 'Desistir da compra', exact: true }).click()
    await page.getByText('ele já está aqui').waitFor()
    await page.getByRole('button', { name: 'Desistir da compra', exact: true }).click()
    await title(page, 'Falta você trazer o carro')
    await shoot('return-waiting-390')
    await page.getByRole('button', { name: 'Ficar com o carro' }).click()
    await title(page, 'Você ficou com o carro')
    await page.getByRole('link', { name: 'Ver a compra' }).click()
    await page.getByRole('link', { name: 'Desistir da compra', exact: true }).waitFor()
  })

  test('a purchase in the shop has no such button, and its address leads back', async (t) => {
    const { page, who } = await visit(t, shop, { balance: 70_000 })
    const { body } = await shop.api.call('orquestrador', 'POST', '/purchase', {
      ...{ customer_id: who.customer_id, vehicle_id: await carAt(shop), payment_type: 'cash', channel: 'counter' },
    })
    await page.goto(`/compra/${body.transaction_id}`)
    await title(page, 'O carro é seu')
    assert.equal(await page.getByRole('link', { name: 'Desistir da compra', exact: true }).count(), 0)
    await page.goto(`/compra/${body.transaction_id}/desistir`)
    await title(page, 'O carro é seu')
  })

  test('axe finds nothing on a buyer’s own pages, in either theme', async (t) => {
    const signedIn = await visit(t, shop, { balance: 70_000 })
    await signedIn.page.goto(`/comprar/${await carAt(shop)}`)
    await confirm(signedIn.page)
    await title(signedIn.page, 'Falta só o Pix')
    const waiting = idOf(signedIn.page)
    await signedIn.page.goto(`/comprar/${await carAt(shop)}`)
    await confirm(signedIn.page, 'Saldo na conta')
    await title(signedIn.page, 'O carro é seu')
    const done = idOf(signedIn.page)
    assert.equal((await sagaOf(shop.api, done)).status, 'COMPLETED')
    const vehicle = await carAt(shop)
    const found: Record<string, readonly string[]> = {}
    const { page } = await shop.open(t, { bypassCSP: true })
    await signedIn.who.enter(page.context())
    for (const path of [
      ...[`/comprar/${vehicle}`, `/compra/${waiting}`, `/compra/${waiting}/cancelar`],
      ...[`/compra/${done}`, `/compra/${done}/desistir`],
      ...['/conta', '/conta/devolucoes', '/conta/extrato', '/conta/dados', '/conta/dados/apagar', '/conta/seguranca'],
    ]) {
      const answer = await page.goto(path)
      assert.equal(answer?.status(), 200, path)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const faults = await axeFinds(page, colorScheme === 'dark')
        if (faults.length > 0) found[`${path} ${colorScheme}`] = faults
      }
    }
    assert.deepEqual(found, {})
  })
}
