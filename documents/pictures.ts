/**
 * `npm run pictures`, beside a running system with demo data (`make dev`, `npm run demo`): the three pictures of the README,
 * the shop, a purchase that waits for its Pix, and the office. Needs Chromium.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { chromium, type Page } from 'playwright-core'
import { publicOriginOf, readConfig } from '#platform/config'
import { DEMO_PASSWORD } from '../app/demo/logins.ts'

const FOLDER = new URL('../docs/pictures/', import.meta.url).pathname
const WIDE = { width: 1440, height: 900 }

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
if (!executablePath) throw new Error('no Chromium on this machine: apt-get install chromium')
const origin = publicOriginOf(readConfig(process.env))
mkdirSync(FOLDER, { recursive: true })
const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] })

const shop = await signedIn('compradora@demo.example')
await shop.goto(`${origin}/`)
await keep(shop, 'store')
await shop.goto(`${origin}/carros?ordem=newest`)
await shop.getByRole('article').first().getByRole('link').click()
await shop.getByRole('link', { name: 'Reservar com Pix' }).click()
await shop.getByRole('radio', { name: /Pix/ }).check()
for (const box of await shop.getByRole('checkbox').all()) await box.check()
await shop.getByRole('button', { name: 'Confirmar a compra' }).click()
await shop.getByRole('heading', { level: 1, name: 'Falta só o Pix' }).waitFor()
await shop.getByRole('img', { name: /Código QR/ }).waitFor()
await keep(shop, 'purchase')
const sale = shop.url().split('/').at(-1)

const office = await signedIn('dona@demo.example')
await office.goto(`${origin}/painel/vendas/${sale}`)
await office.getByRole('heading', { level: 1, name: /^Venda/ }).waitFor()
await keep(office, 'office')
await browser.close()

async function keep(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: `${FOLDER}${name}.jpg`, type: 'jpeg', quality: 82 })
  console.log(`docs/pictures/${name}.jpg`)
}

async function signedIn(email: string): Promise<Page> {
  const context = await browser.newContext({ viewport: WIDE, locale: 'pt-BR' })
  const page = await context.newPage()
  await page.goto(`${origin}/entrar`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Senha').fill(DEMO_PASSWORD)
  await page.getByRole('button', { name: 'Entrar', exact: true }).click()
  await page.waitForURL((url) => url.pathname !== '/entrar')
  return page
}
