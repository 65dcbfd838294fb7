/**
 * A car that was sold here comes in again: as a new vehicle once it was picked up, never while it is in stock, and never beside a
 * return of it, whichever of the two comes first.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateRenavam } from '@brazilian-utils/brazilian-utils'
import { holdForReturn, releaseFromReturn, takeBackVehicle } from '#contracts'
import { systemClock, systemIds } from '#platform/clock'
import { messageOf } from '../../../tests/fixtures/database.ts'
import {
  call,
  database,
  keyring,
  offered,
  reservedBySomebody,
  sell,
  sent,
  some,
  unitOfWork,
} from '../http/http.suite.ts'
import { returnCommands } from './commands.ts'

const ROUNDS = 15
const staff = await keyring.sign({ role: 'staff' })

/** A vehicle that somebody bought, with the papers that it was offered with. */
async function bought() {
  const papers = some({ renavam: generateRenavam() })
  const { status, body: vehicle } = await call('POST', '/vehicles', papers)
  assert.equal(status, 201, JSON.stringify(vehicle))
  const purchase_id = await reservedBySomebody(vehicle)
  const sold = await sell(vehicle.id, { transaction_id: purchase_id })
  return { id: vehicle.id as number, papers, purchase_id, pickup_code: sold.body.pickup_code as string }
}
type Bought = Awaited<ReturnType<typeof bought>>

async function pickedUp() {
  const car = await bought()
  const pickup = { pickup_code: car.pickup_code, received_by: 'Ana Souza' }
  assert.equal((await call('POST', `/vehicles/${car.id}/pickup`, pickup, staff)).status, 200)
  return car
}

const [holding, releasing, takingBack] = returnCommands(systemClock, systemIds)
const wishOf = ({ id, purchase_id }: Bought) => ({ purchase_id, vehicle_id: id, customer_id: 7 })

/** Like a bus: messages that fail come again. */
async function command(handler: typeof holding, contract: typeof holdForReturn, car: Bought, return_id: string) {
  const message = messageOf(contract, return_id, wishOf(car))
  const handle = () => unitOfWork(async (tx, send) => handler?.handle(tx, [message], send))
  await handle().catch(handle)
}
const hold = (car: Bought, return_id: string) => command(holding, holdForReturn, car, return_id)
const release = (car: Bought, return_id: string) => command(releasing, releaseFromReturn, car, return_id)
const takeBack = (car: Bought, return_id: string) => command(takingBack, takeBackVehicle, car, return_id)

const offerAgain = ({ papers }: Bought, other: object = {}) => call('POST', '/vehicles', { ...papers, ...other })

const answerTo = (return_id: string) =>
  sent
    .filter((one) => one.transaction_id === return_id)
    .map(({ type, body }) => (body as { reason?: string }).reason ?? type)

const inHouse = async ({ papers }: Bought) => {
  const { body } = await call('POST', '/vehicles/search', { chassi_number: papers.chassi_number })
  const ids = body.vehicles.map(({ id }: { id: number }) => id)
  const rows = await database.query<{ vehicle_id: number }>(
    `select vehicle_id from vehicle_papers where vehicle_id = any($1::bigint[]) and in_house`,
    [ids],
  )
  return rows.map(({ vehicle_id }) => vehicle_id)
}

test('a car that was picked up comes in as a new vehicle, which names the one before; one in the house does not', async () => {
  const car = await bought()
  const taken = await offerAgain(car)
  assert.deepEqual(
    [taken.status, taken.body.detail],
    [409, 'Vehicle with this license plate, chassi number or renavam already exists'],
  )
  const pickup = { pickup_code: car.pickup_code, received_by: 'Ana Souza' }
  assert.equal((await call('POST', `/vehicles/${car.id}/pickup`, pickup, staff)).status, 200)
  const again = await offerAgain(car, { price: 39_000 })
  assert.deepEqual([again.status, again.body.previous_vehicle_id], [201, car.id])
  assert.equal((await offerAgain(car)).status, 409, 'it is in the house now')
  assert.equal((await call('GET', `/vehicles/${car.id}`)).body.status, 'picked_up', 'the sale before is what it was')
  const everybody = await call('GET', `/vehicles/${again.body.id}`, undefined, '')
  assert.equal('previous_vehicle_id' in everybody.body, false, 'it is no buyer’s business')
  assert.deepEqual(await inHouse(car), [again.body.id])
})

test('a plate alone that was on another car links nothing', async () => {
  const car = await pickedUp()
  const other = await call('POST', '/vehicles', some({ license_plate: car.papers.license_plate }))
  assert.deepEqual([other.status, other.body.previous_vehicle_id], [201, undefined])
})

test('a car cannot come in another way while its return is open, can once that is called off, and is in the house once it is back', async () => {
  const car = await pickedUp()
  const [first, second] = [systemIds.uuid(), systemIds.uuid()]
  await hold(car, first)
  assert.equal((await offerAgain(car)).status, 409)
  await release(car, first)
  await hold(car, second)
  await takeBack(car, second)
  assert.equal((await call('GET', `/vehicles/${car.id}`)).body.status, 'withdrawn')
  assert.equal((await offerAgain(car)).status, 409)
  assert.deepEqual(await inHouse(car), [car.id])

  const other = await pickedUp()
  const third = systemIds.uuid()
  await hold(other, third)
  await release(other, third)
  assert.equal((await offerAgain(other)).status, 201)
  const late = systemIds.uuid()
  await hold(other, late)
  assert.deepEqual(answerTo(late), ['came_in_again'])
})

test('a return and an offer of the same car at the same moment: one of them is refused', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const car = await pickedUp()
    const return_id = systemIds.uuid()
    const first = round % 2 ? hold(car, return_id) : undefined
    const [again] = await Promise.all([offerAgain(car), first ?? hold(car, return_id)])
    const [answer] = answerTo(return_id)
    const isHeld = answer === 'events.vehicle.held_for_return'
    assert.deepEqual([again.status, isHeld ? 'held' : answer], isHeld ? [409, 'held'] : [201, 'came_in_again'])
    assert.deepEqual(await inHouse(car), [isHeld ? car.id : again.body.id])
  }
})

test('two who take the same car in at once make one vehicle of it', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const car = await pickedUp()
    const answers = await Promise.all([offerAgain(car), offerAgain(car), offerAgain(car)])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409])
    assert.equal((await inHouse(car)).length, 1)
  }
})

test('a handover and an offer of the same car at once: it comes in only once it has gone', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const car = await bought()
    const pickup = { pickup_code: car.pickup_code, received_by: 'Ana Souza' }
    const [handed, again] = await Promise.all([
      call('POST', `/vehicles/${car.id}/pickup`, pickup, staff),
      offerAgain(car),
    ])
    assert.equal(handed.status, 200, JSON.stringify(handed.body))
    assert.deepEqual(await inHouse(car), again.status === 201 ? [again.body.id] : [])
  }
})

test('a vehicle that is offered for the first time names no previous one', async () => {
  assert.equal('previous_vehicle_id' in (await offered()), false)
})

const abated = async (car: Bought, refund: number) => {
  const opened = await call('POST', `/vehicles/${car.id}/warranty-claims`, { what: 'O câmbio escapa' })
  assert.equal(opened.status, 201, JSON.stringify(opened.body))
  return () =>
    call('POST', `/warranty-claims/${opened.body.id}/close`, { outcome: 'abated', refund, findings: 'Gasto' })
}
/** What the answer to a hold says was given back already. */
const toldAbated = (return_id: string) =>
  (sent.find((one) => one.transaction_id === return_id)?.body as { abated_cents?: number } | undefined)?.abated_cents
const expensesOf = async ({ id }: Bought) => (await call('GET', `/vehicles/${id}/costs`)).body.expenses_total

test('a return knows what warranties have taken off the price, however often it is asked, and the next sale does not bear it', async () => {
  const car = await pickedUp()
  for (const refund of [1_000, 250.5]) assert.equal((await (await abated(car, refund))()).status, 200)
  const late = await abated(car, 99)
  assert.equal(await expensesOf(car), 1_250.5)
  const [off, return_id] = [systemIds.uuid(), systemIds.uuid()]
  await hold(car, off)
  await release(car, off)
  for (let time = 0; time < 2; time += 1) await hold(car, return_id)
  assert.deepEqual([toldAbated(off), toldAbated(return_id)], [125_050, 125_050])
  assert.equal((await late()).status, 409, 'nothing more is taken off what comes back')
  const accounts = () => sent.filter(({ type }) => type === 'events.vehicle.accounted').length
  const before = accounts()
  for (let time = 0; time < 2; time += 1) await takeBack(car, return_id)
  assert.deepEqual([await expensesOf(car), accounts() - before], [0, 1])
  const { body } = await call('GET', `/purchase-records?ids=${car.purchase_id}`)
  assert.equal(body.records[0].return.abated, 1_250.5, 'and the auditor is told')
  const whole = await pickedUp()
  const other = systemIds.uuid()
  await hold(whole, other)
  await takeBack(whole, other)
  assert.deepEqual([toldAbated(other), await expensesOf(whole)], [undefined, 0])
})

test('an abatement and a return at once: the return knows of it, or it is refused', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const car = await pickedUp()
    const close = await abated(car, 700)
    const return_id = systemIds.uuid()
    const first = round % 2 ? hold(car, return_id) : undefined
    const [closed] = await Promise.all([close(), first ?? hold(car, return_id)])
    assert.deepEqual([closed.status, toldAbated(return_id)], closed.status === 200 ? [200, 70_000] : [409, undefined])
  }
})
