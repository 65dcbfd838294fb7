/** The office's tools for the stock: change many cars at once and undo it, a price in its cell, columns, keys, names, the search. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { customerWith, until, vehicleAt, vehicleOf } from '../fixtures/system.ts'
import { PHONE, type Shop } from './shop.ts'

type At = (
  t: TestContext,
  who: 'admin' | 'operator' | 'seller',
  options?: BrowserContextOptions,
) => Promise<{ readonly page: Page; shoot(name: string): Promise<void>; readonly complaints: readonly string[] }>

/** Cars of a brand that no other test uses, so that the list can be searched for it. */
const carsOf = (shop: Shop, brand: string, prices: readonly number[]) =>
  Promise.all(prices.map((price, index) => vehicleAt(shop.api, price, { brand, model: `Modelo ${index + 1}` })))

const priceIs = (shop: Shop, id: number, price: number) =>
  until(`car ${id} costs ${price}`, async () => (await vehicleOf(shop.api, id)).price === price)

/** In the field itself: it is there before the page's scripts, and their Ctrl K is not. */
async function lookFor(page: Page, text: string): Promise<void> {
  const field = page.getByRole('searchbox', { name: 'Carro, placa, cliente' })
  await field.fill(text)
  await field.press('Enter')
}

export function managing(shop: Shop, at: At): void {
  test('an operator takes two cars off sale at once and undoes it; a car that was sold meanwhile is named', async (t) => {
    const [one = 0, two = 0, gone = 0] = await carsOf(shop, 'Gurgel', [51_000, 52_000, 53_000])
    const { page, shoot, complaints } = await at(t, 'operator')
    await page.goto('/painel/estoque?q=gurgel&estado=available')
    await page.getByRole('checkbox', { name: 'Marcar Gurgel' }).first().waitFor()
    for (const box of await page.getByRole('checkbox', { name: 'Marcar Gurgel' }).all()) await box.check()
    await page.getByText('3 marcados').waitFor()
    await shoot('office-stock-marked-1440')
    assert.equal((await shop.api.call('veiculo-service', 'POST', `/vehicles/${gone}/withdraw`)).status, 200)
    await page.getByRole('button', { name: 'Tirar da venda' }).click()
    await page.getByText('2 carros fora da venda.').waitFor()
    await page.getByText('1 ficou como estava:').waitFor()
    assert.equal((await vehicleOf(shop.api, one)).status, 'withdrawn')
    await page.getByRole('button', { name: 'Desfazer' }).click()
    await page.getByText('2 carros à venda de novo.').waitFor()
    const states = await Promise.all([one, two, gone].map(async (id) => (await vehicleOf(shop.api, id)).status))
    assert.deepEqual(states, ['available', 'available', 'withdrawn'])
    assert.deepEqual(
      complaints.filter((text) => !/409/.test(text)),
      [],
    )
  })

  test('an operator lowers several prices by two percent and undoes it, but not where somebody else has set a price since', async (t) => {
    const [one = 0, two = 0] = await carsOf(shop, 'Puma', [50_000, 60_000])
    const { page } = await at(t, 'admin')
    await page.goto('/painel/estoque?q=puma')
    for (const box of await page.getByRole('checkbox', { name: 'Marcar Puma' }).all()) await box.check()
    await page.getByLabel('Preço novo, ou quanto muda').fill('−2 %')
    await page.getByRole('button', { name: 'Mudar preço' }).click()
    await page.getByText('Preço de 2 carros mudado.').waitFor()
    await priceIs(shop, one, 49_000)
    await priceIs(shop, two, 58_800)
    const other = await shop.api.call('veiculo-service', 'PUT', `/vehicles/${two}`, { price: 59_500 })
    assert.equal(other.status, 200)
    await page.getByRole('button', { name: 'Desfazer' }).click()
    await page.getByText(/Outra pessoa mudou o preço/).waitFor()
    await priceIs(shop, one, 50_000)
    await priceIs(shop, two, 59_500)
  })

  test('a seller changes a price in its row by keys alone: J, E, the price, Enter; Escape leaves it', async (t) => {
    const [id = 0] = await carsOf(shop, 'Miura', [70_000])
    const { page } = await at(t, 'seller')
    await page.goto('/painel/estoque?q=miura')
    await page.getByRole('button', { name: /^Mudar o preço do Miura/ }).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('e')
    await page.getByLabel('Preço novo do Miura').fill('1')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Mudar o preço do Miura/ }).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press(' ')
    await page.getByText('1 marcado').waitFor()
    await page.keyboard.press('e')
    await page.getByLabel('Preço novo do Miura').fill('69.500')
    await page.getByText('−500 · 0,7 %').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Preço de 1 carro mudado.').waitFor()
    await priceIs(shop, id, 69_500)
  })

  test('somebody chooses columns without scripts, and the address keeps them', async (t) => {
    await carsOf(shop, 'Bianco', [80_000])
    const { page } = await at(t, 'seller', { javaScriptEnabled: false })
    await page.goto('/painel/estoque?q=bianco')
    await page.getByText('Colunas').first().click()
    await page.getByRole('checkbox', { name: 'Km' }).uncheck()
    await page.getByRole('checkbox', { name: 'Fotos' }).check()
    await page.getByRole('button', { name: 'Buscar' }).click()
    await page.getByRole('columnheader', { name: 'Fotos' }).waitFor()
    assert.equal(await page.getByRole('columnheader', { name: 'Km' }).count(), 0)
    assert.match(page.url(), /coluna=fotos/)
    const plate = await page.getByRole('row').last().getByRole('cell').nth(2).innerText()
    assert.match(plate, /^[A-Z]{3}\d[A-Z\d]\d{2}$/)
  })

  test('a history names the authors of acts, and a block is undone from the message that reports it', async (t) => {
    const id = await customerWith(shop.api, { initial_balance: 1_000 })
    const { page } = await at(t, 'operator')
    await page.goto(`/painel/clientes/${id}`)
    await page.getByLabel('Motivo').last().fill('cheque devolvido')
    await page.getByRole('button', { name: 'Bloquear', exact: true }).click()
    await page.getByText('Bloqueado.', { exact: true }).waitFor()
    await page.getByText('por Marina Prado').first().waitFor()
    await page.getByRole('button', { name: 'Desfazer' }).click()
    await page.getByText('Desbloqueado.', { exact: true }).waitFor()
    const { body } = await shop.api.call('cliente-service', 'GET', `/customers/${id}`)
    assert.equal(body.status, 'active')
  })

  test('the search finds a page by its name and a customer by the beginning of theirs', async (t) => {
    const { body: customer } = await shop.api.call('cliente-service', 'POST', '/customers', {
      ...{ name: 'Quitéria Bastos', document: generateCpf(), email: 'quiteria@example.com', phone: '(11) 98765-4321' },
    })
    const { page } = await at(t, 'operator')
    await page.goto('/painel')
    await lookFor(page, 'fechar dia')
    await page
      .locator('main')
      .getByRole('link', { name: /^Dinheiro/ })
      .click()
    await page.waitForURL('**/painel/dinheiro')
    await lookFor(page, 'quiteria')
    await page
      .locator('main')
      .getByRole('link', { name: /Quitéria Bastos/ })
      .click()
    await page.waitForURL(`**/painel/clientes/${customer.id}`)
  })

  test('a seller reaches no decision, no setting and no record of what others did, even by its address', async (t) => {
    const { page } = await at(t, 'seller')
    for (const path of ['aprovacoes', 'configuracao', 'registros', 'integracoes', 'conferencias', 'dinheiro']) {
      assert.equal((await page.request.get(`/painel/${path}`)).status(), 404, path)
      assert.equal((await page.request.get(`/painel/${path}.data`)).status(), 404, path)
    }
  })

  test('an admin decides on a price that was asked for, seeing what it is now, what it would be and who asks', async (t) => {
    const [id = 0] = await carsOf(shop, 'Lafer', [90_000])
    const { page: operators } = await at(t, 'operator')
    await operators.goto(`/painel/estoque/${id}`)
    await operators.getByLabel('Preço, R$').fill('60.000')
    await operators.getByRole('button', { name: 'Gravar' }).click()
    await operators.getByText(/espera aprovação/).waitFor()
    const { page, shoot } = await at(t, 'admin', { viewport: PHONE })
    await page.goto('/painel/aprovacoes')
    const asked = page.getByRole('listitem').filter({ hasText: 'Lafer Modelo 1' })
    await asked.getByText('R$ 90.000 →').waitFor()
    await asked.getByText('R$ 60.000', { exact: true }).waitFor()
    await asked.getByText(/Quem pede: Marina Prado/).waitFor()
    await shoot('office-approvals-390')
    await asked.getByLabel('Motivo').fill('estoque parado')
    await asked.getByRole('button', { name: 'Aprovar' }).click()
    await page.getByText('Aprovado.', { exact: true }).waitFor()
    await priceIs(shop, id, 60_000)
  })

  test('an admin reads on the page of the operation that no backup of a database server elsewhere is known here', async (t) => {
    const { page } = await at(t, 'admin')
    await page.goto('/painel/operacao')
    await page.getByRole('heading', { name: 'Backup' }).waitFor()
    await page.getByText(/fica em outro servidor/).waitFor()
    await page.getByRole('columnheader', { name: 'Mensagens por enviar' }).waitFor()
    const { page: operators } = await at(t, 'operator')
    await operators.goto('/painel/operacao')
    await operators.getByRole('heading', { name: 'Serviços' }).waitFor()
    assert.equal(await operators.getByRole('heading', { name: 'Backup' }).count(), 0)
  })
}
