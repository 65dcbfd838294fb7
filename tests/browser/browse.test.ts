/**
 * Looking around in the shop: with and without scripts, by keyboard, on a phone, in the dark, and as search engines see it.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axeFinds } from './axe.ts'
import { openShop, PHONE, skip, TABLET } from './shop.ts'
import { stock } from './stock.ts'

const shop = skip ? undefined : await openShop()
const ids = shop ? await stock(shop.api, 5) : []
const { open, origin, api } = shop ?? ({} as NonNullable<typeof shop>)

test('somebody finds a car by its name, narrows the list, and sees it', { skip }, async (t) => {
  const { page, complaints, shoot } = await open(t)
  await page.goto('/')
  await shoot('home-1440')
  await page.getByRole('searchbox').first().fill('corolla')
  await page.getByRole('button', { name: 'Buscar' }).click()
  await page.waitForURL('**/carros?q=corolla**')
  await page.getByRole('heading', { name: 'Toyota Corolla' }).first().waitFor()
  await page.getByLabel('Até (R$)').fill('112.901')
  await page.getByLabel('Até (R$)').blur()
  await page.getByRole('link', { name: /Tirar o filtro Até/ }).waitFor()
  await page.getByText('2 veículos', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Toyota Corolla' }).first().click()
  await page.getByRole('heading', { level: 1, name: 'Toyota Corolla' }).waitFor()
  await page.getByText('O reparo é gratuito na rede do fabricante').waitFor()
  await shoot('vehicle-1440')
  assert.deepEqual(complaints, [])
})

test('a visitor ticks filters, sees how many cars each would show, and removes one by its chip', {
  skip,
}, async (t) => {
  const { page, shoot } = await open(t)
  await page.goto('/carros')
  await page.getByLabel('Jeep').click()
  await page.getByText('5 veículos', { exact: true }).waitFor()
  await page.getByLabel('Honda').click()
  await page.getByText('10 veículos', { exact: true }).waitFor()
  assert.equal(await page.getByLabel('Fiat').isVisible(), true)
  assert.deepEqual(new URL(page.url()).searchParams.getAll('marca'), ['Honda', 'Jeep'])
  await shoot('list-facets-1440')
  await page.getByRole('link', { name: 'Tirar o filtro Jeep' }).click()
  await page.getByText('5 veículos', { exact: true }).waitFor()
})

test('a lowered price is shown, as a chart of steps and as a table', { skip }, async (t) => {
  const id = ids[4] as number
  const changed = await api.call('veiculo-service', 'PUT', `/vehicles/${id}`, { price: 15_400 })
  assert.equal(changed.status, 200)
  const { page, shoot } = await open(t)
  await page.goto(`/carros/${id}`)
  await page.getByText('Baixou R$ 500').waitFor()
  await page.getByRole('img', { name: /^De R\$\s15\.900 em .* para R\$\s15\.400 hoje\.$/ }).waitFor()
  await page.getByText('Ver em tabela').click()
  assert.equal(await page.locator('#precos tbody tr').count(), 2)
  await shoot('vehicle-prices-1440')
})

test('back and forward lead through the lists as they were', { skip }, async (t) => {
  const { page } = await open(t)
  await page.goto('/carros')
  const first = await page.getByRole('article').first().innerText()
  await page.getByRole('link', { name: 'Próxima' }).click()
  await page.getByText('Página 2 de 2').waitFor()
  assert.notEqual(await page.getByRole('article').first().innerText(), first)
  await page.goBack()
  await page.getByText('Página 1 de 2').waitFor()
  assert.equal(await page.getByRole('article').first().innerText(), first)
  await page.goForward()
  await page.getByText('Página 2 de 2').waitFor()
})

test('without scripts everything can still be found', { skip }, async (t) => {
  const { page, shoot } = await open(t, { javaScriptEnabled: false })
  await page.goto('/')
  await page.getByRole('searchbox').first().fill('strada')
  await page.getByRole('button', { name: 'Buscar' }).click()
  await page.getByRole('link', { name: 'Fiat Strada' }).first().click()
  await page.getByRole('heading', { level: 1, name: 'Fiat Strada' }).waitFor()
  await page.goto('/carros')
  await page.getByLabel('Ordenar').selectOption('price_desc')
  await page.getByRole('button', { name: 'Ordenar' }).click()
  await page.waitForURL(/ordem=price_desc/)
  assert.match(await page.getByRole('article').first().innerText(), /Jeep Compass/)
  await shoot('list-without-scripts')
})

test('on a phone the filters are a sheet that its address opens, and nothing is wider than the screen', {
  skip,
}, async (t) => {
  const { page, shoot } = await open(t, { viewport: PHONE })
  for (const path of ['/', '/carros', `/carros/${ids[0]}`, '/como-funciona', '/privacidade', '/entrar', '/cadastro']) {
    await page.goto(path)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.equal(over, 0, path)
  }
  await page.goto('/carros')
  await shoot('list-390')
  await page.getByRole('link', { name: /^Filtros/ }).click()
  await page.getByRole('heading', { name: 'Filtros' }).waitFor()
  await page.getByLabel('Até (R$)').fill('60000')
  await page.getByRole('button', { name: 'Aplicar filtros' }).click()
  await page.waitForURL(/preco_max=60000/)
  await page.getByText('10 veículos', { exact: true }).waitFor()
})

test('in the dark and on a tablet the pages hold', { skip }, async (t) => {
  const { page, complaints, shoot } = await open(t, { viewport: TABLET, colorScheme: 'dark' })
  for (const [path, name] of [
    ['/', 'home-820-dark'],
    ['/carros', 'list-820-dark'],
    [`/carros/${ids[3]}`, 'vehicle-820-dark'],
  ] as const) {
    await page.goto(path)
    await shoot(name)
  }
  assert.deepEqual(complaints, [])
})

test('a car is reached and opened by keyboard alone', { skip }, async (t) => {
  const { page } = await open(t)
  await page.goto('/carros')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Ir para o conteúdo')
  const card = page.getByRole('article').first().getByRole('link')
  for (let pressed = 0; pressed < 60; pressed += 1) {
    if (await card.evaluate((link) => link === document.activeElement)) break
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/carros\/\d+\//)
})

test('axe finds nothing on any public page, in either theme', { skip }, async (t) => {
  const { page } = await open(t, { bypassCSP: true })
  for (const path of [
    '/',
    '/carros',
    '/carros?q=zzzz',
    `/carros/${ids[0]}`,
    '/como-funciona',
    '/termos',
    '/entrar',
    '/cadastro',
    '/senha',
    '/nada',
  ]) {
    await page.goto(path)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      assert.deepEqual(await axeFinds(page, colorScheme === 'dark'), [], `${path} ${colorScheme}`)
    }
  }
})

test('a car that is gone answers 410, an unknown one 404, and a car that is taken says so', { skip }, async (t) => {
  const taken = ids[1] as number
  const customer = await api.call('cliente-service', 'POST', '/customers', {
    ...{ name: 'Bia Lima', email: 'bia@example.com', phone: '(11) 98765-4321', document: '52998224725' },
    initial_balance: 200_000,
  })
  await api.call('orquestrador', 'POST', '/purchase', {
    ...{ customer_id: customer.body.id, vehicle_id: taken, payment_type: 'pix' },
  })
  assert.equal((await fetch(`${origin}/carros/999999/fiat-uno-1990`)).status, 410)
  assert.equal((await fetch(`${origin}/carros/999999`)).status, 404)
  assert.equal((await fetch(`${origin}/nada`)).status, 404)
  const { page, shoot } = await open(t)
  await page.goto('/nada')
  await page.getByRole('heading', { name: 'Esta vaga está vazia' }).waitFor()
  await shoot('not-found-1440')
})

test('search engines and portals find the stock: sitemap, feeds, canonical address, and data in schema.org’s words', {
  skip,
}, async (t) => {
  const sitemap = await fetch(`${origin}/sitemap.xml`).then((answer) => answer.text())
  assert.ok(sitemap.includes(`<loc>${origin}/carros/${ids[0]}/fiat-strada-volcano-1-3-2023</loc>`))
  const feed = await fetch(`${origin}/feeds/stock.json`).then((answer) => answer.json())
  assert.ok(feed.vehicles.length >= ids.length - 1)
  const csv = await fetch(`${origin}/feeds/stock.csv`).then((answer) => answer.text())
  assert.equal(csv.trim().split('\r\n').length, feed.vehicles.length + 1)
  const { page } = await open(t)
  await page.goto(`/carros/${ids[0]}`)
  assert.equal(page.url(), `${origin}/carros/${ids[0]}/fiat-strada-volcano-1-3-2023`)
  assert.equal(await page.locator('link[rel=canonical]').getAttribute('href'), page.url())
  const data = JSON.parse((await page.locator('script[type="application/ld+json"]').textContent()) ?? '')
  assert.equal(data['@type'], 'Car')
  assert.deepEqual([data.offers.price, data.offers.priceCurrency], ['97900.00', 'BRL'])
})

test('a strict policy forbids foreign scripts and styles, and the server sends no style attribute', {
  skip,
}, async () => {
  for (const path of ['/', '/carros', `/carros/${ids[0]}`, '/entrar']) {
    const answer = await fetch(`${origin}${path}`)
    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.match(policy, /script-src 'nonce-[\w+/=]+' 'strict-dynamic'/)
    assert.doesNotMatch(policy, /unsafe/)
    assert.doesNotMatch(await answer.text(), / style="/, path)
  }
})

test('a form that comes from another origin is not taken', { skip }, async () => {
  const body = new URLSearchParams({ email: 'ana@example.com', senha: 'x' })
  for (const from of ['https://elsewhere.example', 'null', undefined]) {
    const answer = await fetch(`${origin}/entrar`, { method: 'POST', body, headers: from ? { origin: from } : {} })
    assert.equal(answer.status, 403, from)
  }
})
