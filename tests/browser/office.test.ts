/** The office in real browsers: the tasks of the day, a stuck sale, a car that two people edit, a masked customer. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { generateCpf, generateLicensePlate } from '@brazilian-utils/brazilian-utils'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openDatabase } from '#platform/database/database'
import { shortName } from '../../web/store/purchase-story.ts'
import { databasePrefix, testServer } from '../fixtures/database.ts'
import { breakTable } from '../fixtures/operator.ts'
import { askReturn, pickUp } from '../fixtures/returns.ts'
import { buy, customerWith, sagaOf, settled, until, vehicleAt, vehicleOf } from '../fixtures/system.ts'
import { axeFinds } from './axe.ts'
import { managing } from './managing.suite.ts'
import { codeFor, mailed, member, PASSWORD } from './person.ts'
import { selling } from './selling.suite.ts'
import { openShop, PHONE, type Shop, skip, TABLET } from './shop.ts'
import { carAt } from './visit.ts'

const prefix = databasePrefix()
const shop = (skip ? undefined : await openShop({ DATABASE_PREFIX: prefix, SAGA_STEP_TIMEOUT_SECONDS: '1' })) as Shop
const team = (
  skip
    ? undefined
    : {
        admin: await member(shop, { role: 'admin', name: 'Dora Dona' }),
        operator: await member(shop, { role: 'staff', scope: 'operator', name: 'Marina Prado' }),
        seller: await member(shop, { role: 'staff', scope: 'seller', name: 'Caio Reis' }),
      }
) as Record<'admin' | 'operator' | 'seller', Awaited<ReturnType<typeof member>>>

async function at(t: TestContext, who: keyof typeof team, options: BrowserContextOptions = {}) {
  const tab = await shop.open(t, options)
  await team[who].enter(tab.page.context())
  return tab
}

const addressOf = (name: string) => `${name}.${randomBytes(6).toString('hex')}@example.com`
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()

test('a stuck sale is on top of the day’s tasks: an operator sees why, an admin tries again, and it goes on', {
  skip,
}, async (t) => {
  const url = new URL(testServer())
  url.pathname = `/${prefix}veiculo_service`
  await using database = openDatabase({ url: url.href, poolSize: 1, onIdleError: () => {} })
  const mend = await breakTable(database, 'vehicles', `new.status = 'sold'`)
  const id = await buy(shop.api, await customerWith(shop.api, { initial_balance: 90_000 }), await carAt(shop))
  assert.equal((await settled(shop.api, id)).status, 'FAILED_REQUIRES_MANUAL_INTERVENTION')
  await mend()
  const { page, shoot } = await at(t, 'operator')
  await page.goto('/painel')
  await page.getByRole('heading', { name: `A venda ${shortName(id)} parou` }).waitFor()
  await shoot('office-today-1440')
  await page.getByRole('link', { name: `Abrir: A venda ${shortName(id)} parou` }).click()
  await page.getByText('Só a administração pode decidir isto.').waitFor()
  const { page: admins, shoot: shootAdmins } = await at(t, 'admin')
  await admins.goto(page.url())
  await admins.locator('[aria-current=step]').getByText('Marcar vendido').waitFor()
  await admins.getByText('Ninguém recebe em dobro.').waitFor()
  await shootAdmins('office-sale-stuck-1440')
  await admins.getByRole('button', { name: 'Tentar de novo' }).click()
  await admins.getByRole('status').getByText('Concluída').waitFor({ timeout: 20_000 })
})

test('a message that nobody could handle is read, tried again in vain, and discarded with a reason', {
  skip,
}, async (t) => {
  await shop.api.system.bus.publish({
    message_id: randomBytes(8).toString('hex'),
    type: 'commands.credit.release',
    schema_version: 1,
    transaction_id: '01990000-0000-7000-8000-000000000001',
    occurred_at: '2026-03-02T12:00:00.000Z',
    body: { from: 'another system' },
  })
  await until('it is parked', async () => {
    const { body } = await shop.api.call('cliente-service', 'GET', '/dead-letters?status=waiting')
    return body.total > 0
  })
  const { page, shoot } = await at(t, 'admin')
  await page.goto('/painel/operacao')
  await page.getByText('does not fit its contract').waitFor()
  await page.getByText('Ver a mensagem').click()
  await page.getByText('another system').waitFor()
  await shoot('office-operation-1440')
  await page.getByRole('button', { name: 'Repetir' }).click()
  await page.getByText('Falhou de novo: a causa ainda está lá.').waitFor()
  await page.getByLabel('Por que descartar').fill('mandada por engano')
  await page.getByRole('button', { name: 'Descartar' }).click()
  await page.getByText('Descartada.', { exact: true }).waitFor()
  await page.getByText('Nenhuma. Tudo o que chegou foi tratado.').waitFor()
})

test('somebody hands a car over by the code that the buyer shows', { skip }, async (t) => {
  const buyer = await customerWith(shop.api, { initial_balance: 90_000 })
  const vehicle = await carAt(shop)
  const id = await buy(shop.api, buyer, vehicle)
  await settled(shop.api, id)
  const theirs = await shop.api.as({ role: 'customer', customer_id: buyer })
  const { body } = await shop.api.call('orquestrador', 'GET', `/saga-states/${id}`, undefined, theirs)
  const { page, shoot } = await at(t, 'seller')
  await page.goto('/painel')
  await page
    .getByRole('link', { name: /^Abrir: Entregar o Fiat Argo/ })
    .first()
    .waitFor()
  await page.goto(`/painel/estoque/${vehicle}`)
  await page.getByLabel('Código de retirada').fill('XXXXXXXX')
  await page.getByLabel('Nome de quem recebe').fill('Ana Souza')
  await page.getByRole('button', { name: 'Entregar' }).click()
  await page.getByText('O código não confere. Confira com quem comprou.').waitFor()
  await page.getByLabel('Código de retirada').fill(body.context.pickup_code)
  await page.getByLabel('Nome de quem recebe').fill('Ana Souza')
  await page.getByLabel('Chaves entregues').fill('2')
  await shoot('office-hand-over-1440')
  await page.getByRole('button', { name: 'Entregar' }).click()
  await page.getByText('Entregue.', { exact: true }).waitFor()
  assert.equal((await vehicleOf(shop.api, vehicle)).status, 'picked_up')
})

test('two people who edit one car lose nothing: the second is asked only about fields that both changed', {
  skip,
}, async (t) => {
  const vehicle = await carAt(shop)
  const { page, shoot } = await at(t, 'operator')
  await page.goto(`/painel/estoque/${vehicle}`)
  const other = await shop.api.call('veiculo-service', 'PUT', `/vehicles/${vehicle}`, { price: 64_000, color: 'Azul' })
  assert.equal(other.status, 200)
  await page.getByLabel('Preço, R$').fill('63.500')
  await page.getByLabel('Quilometragem').fill('51.400')
  await page.getByRole('button', { name: 'Gravar' }).click()
  await page.getByText(/gravou antes de você\. Nada seu se perdeu\./).waitFor()
  assert.equal(await page.getByRole('alert').getByRole('group').count(), 1)
  await page.getByRole('group', { name: 'Preço, R$' }).waitFor()
  assert.equal(await page.getByLabel('Cor').inputValue(), 'Azul')
  await shoot('office-conflict-1440')
  await page.getByRole('radio', { name: 'Gravado agora: 64.000' }).check()
  await page.getByRole('button', { name: 'Gravar' }).click()
  await page.getByText('Gravado.', { exact: true }).waitFor()
  const { price, color, mileage_km } = await vehicleOf(shop.api, vehicle)
  assert.deepEqual([price, color, mileage_km], [64_000, 'Azul', 51_400])
})

test('a seller enters a car, is told what is wrong field by field, and takes it off sale and back', {
  skip,
}, async (t) => {
  const { page } = await at(t, 'seller', { javaScriptEnabled: false })
  await page.goto('/painel/estoque/novo')
  const fill = async (fields: Record<string, string>) => {
    for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value)
  }
  await fill({
    Marca: 'Fiat',
    'Modelo e versão': 'Pulse Drive',
    'Ano do modelo': '2023',
    Cor: 'Prata',
    'Preço, R$': '84.900',
  })
  await fill({ Placa: 'BRA2E19', Chassi: '9BD363A1XNYK12345', Renavam: '123' })
  await page.getByRole('button', { name: 'Cadastrar e pôr à venda' }).click()
  await page.getByText('O Renavam não confere.').waitFor()
  assert.equal(await page.getByLabel('Cor', { exact: true }).inputValue(), 'Prata')
  await fill({ Renavam: '00639884962' })
  await page.getByRole('button', { name: 'Cadastrar e pôr à venda' }).click()
  await page.getByText('Cadastrado e à venda.').waitFor()
  await page.getByRole('button', { name: 'Tirar da venda' }).click()
  await page.getByText('Fora da venda.', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Pôr à venda' }).click()
  await page.getByText('À venda de novo.').waitFor()
})

test('a customer is found by a whole document and shown masked, and each unmasking asks for a reason and is on record', {
  skip,
}, async (t) => {
  const id = await customerWith(shop.api, { initial_balance: 1_000 })
  const { body: known } = await shop.api.call('cliente-service', 'GET', `/customers/${id}`)
  const { page, shoot } = await at(t, 'operator')
  await page.goto('/painel/clientes')
  await page.getByLabel('CPF, CNPJ ou e-mail').fill(known.email)
  await page.getByRole('button', { name: 'Buscar' }).click()
  await page.getByText('1 encontrado').waitFor()
  await page.getByRole('link', { name: known.name }).click()
  await heading(page, known.name)
  assert.equal(await page.getByText(known.email).count(), 0)
  await page.getByRole('checkbox', { name: 'E-mail' }).check()
  await page.getByLabel('Para quê').fill('mandar o contrato')
  await page.getByRole('button', { name: /Ver por inteiro/ }).click()
  await page.getByText(known.email).waitFor()
  await shoot('office-customer-1440')
  await page.getByLabel('Valor, R$').fill('250,50')
  await page.getByLabel('Motivo').first().fill('sinal recebido na loja')
  await page.getByRole('button', { name: 'Lançar' }).click()
  await page.getByText('Lançado na conta.').waitFor()
  await page.getByText('R$ 1.250,50').first().waitFor()
  const { body: log } = await shop.api.call('cliente-service', 'GET', '/access-log')
  assert.ok(JSON.stringify(log).includes('mandar o contrato'))
})

test('Ctrl K finds a car by its plate and a person by their document, from any page', { skip }, async (t) => {
  const plate = generateLicensePlate('LLLNLNN')
  const vehicle = await vehicleAt(shop.api, 51_000, { license_plate: plate })
  const { page } = await at(t, 'seller')
  await page.goto('/painel/vendas')
  // pressed before the page has its scripts it does nothing, so a person presses again
  await until('the search has the focus', async () => {
    await page.keyboard.press('Control+k')
    return page.evaluate(() => document.activeElement?.getAttribute('type') === 'search')
  })
  await page.keyboard.type(plate.toLowerCase())
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/painel/estoque/${vehicle}`)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('nada-disso@example.com')
  await page.keyboard.press('Enter')
  await page.getByText(/^Nada com isso\./).waitFor()
  assert.equal(new URL(page.url()).search, '')
})

test('a return is received, and the drawing of its own definition goes on by itself', { skip }, async (t) => {
  const buyer = await customerWith(shop.api, { initial_balance: 90_000 })
  const vehicle = await carAt(shop)
  const id = await buy(shop.api, buyer, vehicle)
  await settled(shop.api, id)
  await pickUp(shop.api, { id, buyer, vehicle })
  const { return_id } = await askReturn(shop.api, id)
  await until('it waits', async () => (await sagaOf(shop.api, return_id)).current_step === 'RETURN_RECEIPT')
  const { page, shoot } = await at(t, 'operator')
  await page.goto('/painel')
  await page
    .getByRole('link', { name: /Receber o carro da devolução/ })
    .first()
    .click()
  await page.getByText('sem volta daqui').waitFor()
  await page.getByLabel('Quilometragem').fill('51.900')
  await shoot('office-return-1440')
  await page.getByRole('button', { name: 'Recebi o carro' }).click()
  await page.getByRole('status').getByText('Concluída').waitFor({ timeout: 20_000 })
})

test('a person whom the counter registered claims the record by a code to its proven e-mail', { skip }, async (t) => {
  const [document, proven, own] = [generateCpf(), addressOf('balcao'), addressOf('propria')]
  const customer = { name: 'Rosa Prado', document, email: proven, phone: '(11) 98765-4321', initial_balance: 1_000 }
  const { body: record } = await shop.api.call('cliente-service', 'POST', '/customers', customer)
  const proof = { email: proven, reason: 'showed the mail on her phone' }
  const { status } = await shop.api.call('cliente-service', 'POST', `/customers/${record.id}/contact-proofs`, proof)
  assert.equal(status, 200)
  const { page, shoot } = await shop.open(t)
  await page.goto('/cadastro')
  await page.getByLabel('Nome completo').fill('Rosa Prado')
  await page.getByLabel('CPF ou CNPJ').fill(document)
  await page.getByLabel('Data de nascimento').fill('1988-05-20')
  await page.getByLabel('E-mail').fill(own)
  await page.getByLabel('Celular').fill('(11) 98765-4321')
  await page.getByLabel('Senha').fill(PASSWORD)
  await page.getByRole('button', { name: 'Criar conta' }).click()
  await page.getByLabel('Código de 6 dígitos').fill(await codeFor(shop, own))
  await page.getByRole('button', { name: 'Confirmar', exact: true }).click()
  await heading(page, 'Você já tem cadastro na loja')
  await page.getByLabel('CPF ou CNPJ').fill(document)
  await page.getByRole('button', { name: 'Mandar código' }).click()
  await page.getByLabel('Código de 6 dígitos').fill(await codeFor(shop, proven))
  await shoot('claim-1440')
  await page.getByRole('button', { name: 'Ligar à minha conta' }).click()
  await heading(page, 'Minhas compras')
  await page.goto('/conta/extrato')
  await page.getByText('R$ 1.000,00').first().waitFor()
})

test('an admin starts an audit, and reads that the services agree or what to do', { skip }, async (t) => {
  const { page } = await at(t, 'admin')
  await page.goto('/painel/operacao')
  await page.getByRole('link', { name: 'Conferências' }).click()
  await page.getByRole('button', { name: 'Conferir agora' }).click()
  await page.waitForURL(/numero=\d+/)
  await page.getByRole('heading', { name: /^Conferência de/ }).waitFor()
  const audit = Number(new URL(page.url()).searchParams.get('numero'))
  const { status, findings_total } = await until('it is compared', async () => {
    const { body } = await shop.api.call('orquestrador', 'GET', `/audits/${audit}`)
    return body.status !== 'running' && body
  })
  assert.equal(status, 'finished')
  await page.reload()
  await page
    .getByText(findings_total === 0 ? 'Tudo confere.' : /^\d+ achados?$/)
    .first()
    .waitFor()
})

test('an admin subscribes another system, reads the secret once, and an invalid address is refused', {
  skip,
}, async (t) => {
  const { page } = await at(t, 'admin')
  await page.goto('/painel/integracoes')
  await page.getByLabel('Endereço').fill('https://10.0.0.8/avisos')
  await page.getByRole('button', { name: 'Criar' }).click()
  await page.getByText('O endereço começa com https:// e tem que responder na internet.').waitFor()
  await page.getByLabel('Endereço').fill('https://parceiro.example.com/avisos')
  await page.getByRole('button', { name: 'Criar' }).click()
  await page.getByText(/^Guarde o segredo das assinaturas agora/).waitFor()
  await page.goto('/painel/integracoes')
  await page.getByText('https://parceiro.example.com/avisos').first().waitFor()
  assert.equal(await page.getByText(/^Guarde o segredo/).count(), 0)
})

test('an admin invites somebody, who opens the link once, chooses a password and works here', { skip }, async (t) => {
  const { page, shoot } = await at(t, 'admin')
  await page.goto('/painel/equipe')
  const email = addressOf('nova')
  await page.getByLabel('Nome').fill('Nina Nova')
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await page.getByLabel('Função').last().selectOption('seller')
  await page.getByRole('button', { name: 'Mandar o convite' }).click()
  await page.getByText('Convite mandado.').waitFor()
  await shoot('office-team-1440')
  const token = await mailed(shop, email, /\/convite\/([\w-]{43})/)
  const { page: theirs } = await shop.open(t)
  await theirs.goto(`/convite/${token}`)
  await theirs.getByLabel('Senha').fill(PASSWORD)
  await theirs.getByRole('button', { name: 'Entrar no painel' }).click()
  await theirs.getByText('Nina Nova').first().waitFor()
  assert.equal(await theirs.getByRole('link', { name: 'Equipe' }).count(), 0)
  const { page: late } = await shop.open(t)
  await late.goto(`/convite/${token}`)
  await late.getByLabel('Senha').fill(PASSWORD)
  await late.getByRole('button', { name: 'Entrar no painel' }).click()
  await late.getByText('Este convite já foi usado ou venceu.').waitFor()
})

if (!skip) for (const suite of [selling, managing]) suite(shop, at)

test('a seller reaches no operation page, no statement and no decision, even by its address', {
  skip,
}, async (t) => {
  const customer = await customerWith(shop.api, { initial_balance: 4_321 })
  const { page } = await at(t, 'seller')
  const get = (path: string) => page.request.get(path)
  for (const path of ['/painel/operacao', '/painel/operacao.data', '/painel/equipe.data'])
    assert.equal((await get(path)).status(), 404, path)
  const data = await (await get(`/painel/clientes/${customer}.data`)).text()
  assert.doesNotMatch(data, /balance_after|"opening"/)
  const { origin } = shop
  const adjusted = await page.request.post(`/painel/clientes/${customer}`, {
    headers: { origin },
    form: { ato: 'lancar', chave: 'seller-tries', tipo: 'deposit', valor: '10', motivo: 'porque eu quero' },
  })
  assert.equal(adjusted.status(), 409)
  const { body } = await shop.api.call('cliente-service', 'GET', `/customers/${customer}`)
  assert.equal(body.account_balance, 4_321)
  const { page: buyers } = await shop.open(t)
  assert.match((await buyers.goto('/painel'))?.url() ?? '', /\/entrar\?volta=%2Fpainel$/)
})

test('axe finds nothing in the office, in either theme; on tablets and phones nothing is wider than the screen', {
  skip,
}, async (t) => {
  const buyer = await customerWith(shop.api, { initial_balance: 90_000 })
  const vehicle = await carAt(shop)
  const id = await buy(shop.api, buyer, vehicle)
  await settled(shop.api, id)
  const pages = {
    today: '/painel',
    sales: '/painel/vendas',
    sale: `/painel/vendas/${id}`,
    stock: '/painel/estoque',
    vehicle: `/painel/estoque/${vehicle}`,
    new: '/painel/estoque/novo',
    customers: '/painel/clientes',
    customer: `/painel/clientes/${buyer}`,
    operation: '/painel/operacao',
    team: '/painel/equipe',
    approvals: '/painel/aprovacoes',
    settings: '/painel/configuracao',
    records: '/painel/registros',
    audits: '/painel/conferencias',
    webhooks: '/painel/integracoes',
    money: '/painel/dinheiro',
    reports: '/painel/relatorios',
    import: '/painel/estoque/importar',
    counter: `/painel/balcao?cliente=${buyer}`,
    contract: `/painel/vendas/${id}/contrato`,
  }
  const found: Record<string, readonly string[]> = {}
  const { page, complaints, shoot } = await at(t, 'admin', { viewport: TABLET, bypassCSP: true })
  for (const [name, path] of Object.entries(pages)) {
    const answer = await page.goto(path)
    assert.equal(answer?.status(), 200, path)
    for (const [colorScheme, viewport] of [
      ['light', TABLET],
      ['dark', PHONE],
    ] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize(viewport)
      await shoot(`office-${name}-${viewport.width}-${colorScheme}`)
      const faults = [...(await axeFinds(page, colorScheme === 'dark'))]
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      if (over > 0) faults.push(`${over} pixels wider than the screen`)
      if (faults.length > 0) found[`${path} ${colorScheme}`] = faults
    }
  }
  assert.deepEqual(complaints, [])
  assert.deepEqual(found, {})
})
