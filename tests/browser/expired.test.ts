/** A Pix that nobody pays: its time runs out, and the page says so. */
import { test } from 'node:test'
import { vehicleAt } from '../fixtures/system.ts'
import { person } from './person.ts'
import { openShop, skip } from './shop.ts'

test('the page of an expired Pix says that nothing was charged, and that the car can be tried again', {
  skip,
}, async (t) => {
  const shop = await openShop({ PAYMENT_CODE_TTL_SECONDS: '8' })
  const vehicle = await vehicleAt(shop.api, 62_900)
  const { page, shoot } = await shop.open(t)
  await (await person(shop)).enter(page.context())
  await page.goto(`/comprar/${vehicle}`)
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  await page.getByRole('button', { name: 'Confirmar a compra' }).click()
  await page.getByRole('heading', { level: 1, name: 'O Pix venceu' }).waitFor({ timeout: 60_000 })
  await page.getByText('O prazo acabou e o pagamento não chegou. Nada foi cobrado.').waitFor()
  await page.getByRole('link', { name: 'Tentar de novo' }).waitFor()
  await shoot('pix-expired-1440')
})
