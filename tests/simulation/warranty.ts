/** Warranty claims that lower the price of a sold vehicle: closed behind the vehicle's lock, as veiculo-service closes them. */
import { abatePayment } from '#contracts'
import { outgoing } from '#messaging'
import { close } from '../../services/veiculo-service/domain/warranty.ts'
import { failed, type Happening, mayBeCutOff } from './happenings.ts'
import { staged } from './memory.ts'
import { abatements } from './memory-coming-back-store.ts'
import { lockStock, reservations, vehicles } from './memory-reservation-store.ts'

/** So that no price is lowered to nothing: a vehicle costs 9,000 cents here. */
const MOST_OF_ONE = 5

export const abate: Happening = (world, choose) => {
  const { service } = world.veiculo
  const sold = [...service.database.rows(vehicles).values()].filter(({ sold_to_transaction: to }) => to !== null)
  if (sold.length === 0 || !service.isUp) return 'nothing under warranty'
  const vehicle = choose.pick(sold)
  const refund_cents = 100 + choose.int(900)
  const said = `${refund_cents} are taken off the price of vehicle ${vehicle.id}`
  mayBeCutOff(world, choose, 'veiculo-service')
  return service
    .unitOfWork(async (tx, send) => {
      const [locked] = await lockStock(tx, [vehicle.id])
      const purchase_id = vehicle.sold_to_transaction
      const customer_id = purchase_id && service.database.rows(reservations).get(purchase_id)?.customer_id
      if (!locked || !purchase_id || !customer_id) return `${said}: nobody has it`
      const taken = [...staged(tx).rows(abatements).values()].filter((one) => one.purchase_id === purchase_id)
      if (taken.length >= MOST_OF_ONE) return `${said}: it had enough`
      const id = staged(tx).nextId()
      const now = service.clock.now()
      const opened = { opened_at: now, opened_by: 'staff', due_on: '2026-02-04', closed_at: null, closed_by: null }
      const nothing = { cost_cents: null, refund_cents: null, findings: null }
      const of = {
        id,
        vehicle_id: vehicle.id,
        transaction_id: purchase_id,
        customer_id,
        what: 'gears',
        is_hidden: false,
      }
      const closing = { outcome: 'abated', cost_cents: null, refund_cents, findings: 'worn' } as const
      const closed = close({ ...of, ...opened, ...nothing, status: 'open' }, locked, closing, 'staff', now)
      if (typeof closed === 'string') return `${said}: ${closed}`
      staged(tx).insert(abatements, id, { claim_id: id, purchase_id, customer_id, abated_cents: refund_cents })
      send(outgoing(abatePayment, purchase_id, { claim_id: id, customer_id, amount_cents: refund_cents }))
      return said
    })
    .catch(failed(said))
}
