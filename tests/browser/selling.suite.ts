/** The office's work to sell cars: photos in order, costs that only some roles see, a file of new stock, a whole sale at the counter, the till. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { generateCpf, generateLicensePlate, generateRenavam } from '@brazilian-utils/brazilian-utils'
import type { BrowserContextOptions, Page } from 'playwright-core'
import sharp from 'sharp'
import { until, vehicleOf } from '../fixtures/system.ts'
import type { Shop } from './shop.ts'
import { carAt } from './visit.ts'

type At = (
  t: TestContext,
  who: 'admin' | 'operator' | 'seller',
  options?: BrowserContextOptions,
) => Promise<{ readonly page: Page; shoot(name: string): Promise<void>; readonly complaints: readonly string[] }>

const COLOURS = { azul: '#2f5d8c', verde: '#2e5a47', laranja: '#cf5f28' }

/** Photos as a camera makes them, one of each colour, told apart by their size. */
const photo = async (name: keyof typeof COLOURS, width: number) => ({
  name: `${name}.jpg`,
  mimeType: 'image/jpeg',
  buffer: await sharp({ create: { width, height: 900, channels: 3, background: COLOURS[name] } })
    .jpeg()
    .toBuffer(),
})

/** Plate, chassi and Renavam of a car that the shop does not have. */
const newIdentity = () =>
  `${generateLicensePlate('LLLNLNN')};9BD${randomBytes(7).toString('hex').toUpperCase()};${generateRenavam()}`

const photosOf = async ({ api }: Pick<Shop, 'api'>, id: number): Promise<readonly number[]> =>
  ((await vehicleOf(api, id)).photo_files ?? []).map((one: { width: number }) => one.width)

const ordered = (shop: Pick<Shop, 'api'>, id: number, widths: readonly number[]) =>
  until(`the photos are ${widths}`, async () => String(await photosOf(shop, id)) === String(widths))

export function selling(shop: Shop, at: At): void {
  test('a seller adds photos of a car, orders them and removes one; the store shows them by swipe, keys and zoom', async (t) => {
    const id = await carAt(shop)
    const { page, shoot, complaints } = await at(t, 'seller')
    await page.goto(`/painel/estoque/${id}`)
    await page.getByText('Sem fotos: a loja mostra o desenho.').waitFor()
    await page
      .getByLabel('Acrescentar fotos')
      .setInputFiles([await photo('azul', 1_200), await photo('verde', 1_210), await photo('laranja', 1_220)])
    await page.getByText('3 fotos recebidas.').waitFor()
    await page.getByRole('button', { name: 'Passar a foto 3 para a frente' }).click()
    await ordered(shop, id, [1_200, 1_220, 1_210])
    await page.getByRole('button', { name: 'Tirar a foto 1' }).click()
    await page.getByRole('img', { name: 'Foto 2 de 2' }).waitFor()
    await ordered(shop, id, [1_220, 1_210])
    await shoot('office-photos-1440')
    await page
      .getByLabel('Acrescentar fotos')
      .setInputFiles({ ...(await photo('azul', 900)), buffer: Buffer.from('GIF89a') })
    await page.getByText(/Não é JPEG, PNG nem WebP/).waitFor()
    await theShopShows(page, id)
    assert.deepEqual(
      complaints.filter((one) => !/409/.test(one)),
      [],
    )
  })

  test('an operator enters the cost of a car and reads its margin; a seller gets neither by any request', async (t) => {
    const id = await carAt(shop, 60_000)
    const { page, shoot } = await at(t, 'operator')
    await page.goto(`/painel/estoque/${id}`)
    await page.getByText('Como o carro entrou').click()
    const form = page.locator('form', { has: page.getByRole('button', { name: 'Gravar a entrada' }) })
    await form.getByLabel('Valor, R$').fill('48.321')
    await form.getByRole('button', { name: 'Gravar a entrada' }).click()
    await page.getByText('Entrada gravada.').waitFor()
    await page.getByText('Gastos', { exact: true }).last().click()
    await page.getByLabel('O que foi').fill('Pneus novos')
    const spend = page.locator('form', { has: page.getByRole('button', { name: 'Lançar gasto' }) })
    await spend.getByLabel('Valor, R$').fill('1.679')
    await spend.getByRole('button', { name: 'Lançar gasto' }).click()
    await page.getByText('Gasto lançado.').waitFor()
    await page.getByText('R$ 10.000,00 · 16,7 %').waitFor()
    await shoot('office-costs-1440')
    const { page: sellers } = await at(t, 'seller')
    for (const path of [`/painel/estoque/${id}.data`, `/painel/estoque/${id}`])
      assert.doesNotMatch(await (await sellers.request.get(path)).text(), /48\.?321|Pneus novos|acquisition/)
    for (const path of [
      '/painel/dinheiro',
      '/painel/relatorios.data',
      '/painel/relatorios/vendas.csv',
      '/painel/estoque/importar',
    ])
      assert.equal((await sellers.request.get(path)).status(), 404, path)
  })

  test('an operator imports a file of cars, sees its progress, and which line is wrong', async (t) => {
    const { page, shoot } = await at(t, 'operator')
    await page.goto('/painel/estoque')
    await page.getByRole('link', { name: 'Importar' }).click()
    const rows = [
      'marca;modelo;ano;cor;preço;placa;chassi;renavam',
      `Fiat;Mobi Like;2022;Branco;49900;${newIdentity()}`,
      `Fiat;Mobi Like;2022;Branco;;${newIdentity()}`,
    ]
    const file = { name: 'estoque.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\r\n')) }
    await page.getByLabel('Arquivo CSV').setInputFiles(file)
    await page.getByRole('button', { name: 'Importar' }).click()
    await page
      .getByText(/linhas? recusadas?/)
      .first()
      .waitFor()
    await page.getByText(/^1 veículo entrou/).waitFor()
    assert.match(await page.getByRole('row').nth(1).innerText(), /^3\b/)
    await shoot('office-import-1440')
  })

  test('sells a car to a walk-in buyer: finds them by name, agrees on a price, takes parts, prints the contract, hands over the keys', async (t) => {
    const document = generateCpf()
    const name = 'Marcos Vilela Prado'
    const { body: customer } = await shop.api.call('cliente-service', 'POST', '/customers', {
      ...{ name, document, phone: '(11) 98765-4321', email: `marcos.${document}@example.com` },
    })
    const buyer: number = customer.id
    const id = await carAt(shop, 60_000)
    const { page, shoot } = await at(t, 'admin')
    await page.goto('/painel/vendas')
    await page.getByRole('link', { name: 'Venda de balcão' }).click()
    await page.getByLabel('Nome, CPF, CNPJ ou e-mail').fill('marcos vilela')
    await page.getByRole('button', { name: 'Buscar' }).click()
    await page.getByRole('link', { name: /Marcos Vilela Prado/ }).click()
    await page.waitForURL(new RegExp(`cliente=${buyer}`))
    await page.goto(`/painel/balcao?cliente=${buyer}&carro=${id}`)
    await page.getByLabel('Preço combinado, R$').fill('59.000')
    await page.getByLabel('Por que outro preço').fill('risco na porta')
    await shoot('office-counter-price-1440')
    await page.getByRole('button', { name: 'Reservar e receber' }).click()
    await page.getByRole('heading', { name: 'Nova parte' }).waitFor({ timeout: 20_000 })
    await page.getByLabel('Como', { exact: true }).selectOption('banknotes')
    await page.getByLabel('Valor, R$').fill('9.000')
    await page.getByRole('button', { name: 'Lançar a parte' }).click()
    await page.getByText('Parte lançada.').waitFor()
    await page.getByLabel('Como', { exact: true }).selectOption('financing')
    await page.getByLabel('Já veio?').selectOption('promised')
    assert.equal(await page.getByLabel('Valor, R$').inputValue(), '50.000,00')
    await shoot('office-counter-parts-1440')
    await page.getByRole('button', { name: 'Lançar a parte' }).click()
    await page.getByText('As partes somam o preço: vendido.').waitFor({ timeout: 20_000 })
    await page.getByLabel('Ou o CPF ou CNPJ do comprador').fill(document)
    await page.getByLabel('Nome de quem recebe').fill(name)
    await page.getByRole('button', { name: 'Entregar' }).click()
    await page.getByText(/só foi prometida/).waitFor()
    await page.getByRole('button', { name: 'Já recebi' }).click()
    await page.getByText('Recebido.', { exact: true }).waitFor()
    await page.getByLabel('Ou o CPF ou CNPJ do comprador').fill(document)
    await page.getByLabel('Nome de quem recebe').fill(name)
    await page.getByRole('button', { name: 'Entregar' }).click()
    await page.getByText('Entregue.', { exact: true }).waitFor()
    assert.equal((await vehicleOf(shop.api, id)).status, 'picked_up')
    await page.getByRole('link', { name: 'Abrir o contrato' }).click()
    await page.getByRole('heading', { name: 'Contrato de compra e venda de veículo usado' }).waitFor()
    await page.getByText('R$ 59.000,00').first().waitFor()
    await shoot('office-contract-1440')
  })

  test('the day is closed with the counted money: a difference needs a reason, and a closing cannot be changed', async (t) => {
    const { page, shoot } = await at(t, 'operator', { javaScriptEnabled: false })
    await page.goto('/painel/dinheiro')
    await page.getByLabel('Contado no caixa, R$').fill('1')
    await page.getByRole('button', { name: 'Fechar o dia' }).click()
    await page.getByText(/O contado não bate/).waitFor()
    await page.getByLabel('Contado no caixa, R$').fill('1')
    await page.getByLabel('Se houver diferença, por quê').fill('contagem de teste')
    await page.getByRole('button', { name: 'Fechar o dia' }).click()
    await page.getByText('Fechado.', { exact: true }).waitFor()
    await shoot('office-money-1440')
    await page.getByLabel('Contado no caixa, R$').fill('1')
    await page.getByRole('button', { name: 'Fechar o dia' }).click()
    await page.getByText('Este período já foi fechado.').waitFor()
  })

  test('the owner reads the sales, with the table behind each chart, and downloads the figures', async (t) => {
    const { page, shoot } = await at(t, 'admin')
    await page.goto('/painel/relatorios')
    await page.getByRole('heading', { name: 'Vendas por mês' }).waitFor()
    await page.getByRole('link', { name: 'Este mês' }).click()
    await page.getByRole('heading', { name: 'Vendas por dia' }).waitFor()
    await shoot('office-reports-1440')
    const file = await page.request.get('/painel/relatorios/vendas.csv?group=month')
    assert.match(file.headers()['content-type'] ?? '', /^text\/csv/)
    assert.match(await file.text(), /^\ufeff?month,sales/)
  })
}

async function theShopShows(page: Page, id: number): Promise<void> {
  await page.goto(`/carros/${id}`)
  await page.getByText('1 de 2').waitFor()
  await page.getByRole('button', { name: 'Próxima foto' }).click()
  await page.getByText('2 de 2').waitFor()
  await page.getByRole('link', { name: 'Ampliar a foto 2' }).focus()
  await page.keyboard.press('ArrowLeft')
  await page.getByText('1 de 2').waitFor()
  await page.getByRole('link', { name: 'Ampliar a foto 1' }).click()
  const zoom = page.getByRole('dialog')
  await zoom.getByRole('button', { name: 'Ver no tamanho real' }).click()
  await zoom.getByRole('button', { name: 'Ajustar à tela' }).waitFor()
  await page.keyboard.press('ArrowRight')
  await zoom.getByText('2 de 2').waitFor()
  await page.keyboard.press('Escape')
  await zoom.waitFor({ state: 'hidden' })
  const loaded = await page.locator('#foto-1 picture img').evaluate((img: HTMLImageElement) => img.naturalWidth)
  assert.ok(loaded > 0, 'the file came from the pages themselves')
}
