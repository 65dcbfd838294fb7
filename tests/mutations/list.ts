/**
 * Ways to break the product, one line of source each. The simulation, or the tests of the rules, must catch every one: the line of
 * a survivor is either unneeded or untested. `find` occurs once in its file.
 */
import { everywhere } from './everywhere.ts'
import { into, type Mutation } from './mutation.ts'
import { survivors } from './survivors.ts'

export const mutations: readonly Mutation[] = [
  ...into(
    'services/cliente-service/domain/credit-hold.ts',
    ['hold again for a command that comes twice', 'if (hold) return { customer, hold, entries: [] }', ''],
    [
      'forget the tombstone of a hold',
      'if (hold) return { customer, hold, entries: [] }',
      "if (hold && hold.reason !== 'released_before_reserved') return { customer, hold, entries: [] }",
    ],
    [
      'give a hold back twice',
      "if (hold.status !== 'held') return { customer, hold, entries: [] }\n  if (!customer) throw new Error(`hold",
      "if (hold.status === 'refused') return { customer, hold, entries: [] }\n  if (!customer) throw new Error(`hold",
    ],
    [
      'give a returned hold back twice',
      "if (hold.status !== 'held') return { customer, hold, entries: [] }\n  if (!customer) throw new Error(`the return",
      "if (hold.status === 'refused') return { customer, hold, entries: [] }\n  if (!customer) throw new Error(`the return",
    ],
    ['give an account back what a warranty has given back', 'hold.amount_cents - abated_cents', 'hold.amount_cents'],
    ['hold a cent less than the price', "'hold', -amount_cents)", "'hold', 1 - amount_cents)"],
    ['release another amount than was held', "'release', hold.amount_cents)", "'release', hold.amount_cents + 1)"],
    ['hold for a blocked customer', "if (customer.status !== 'active') return refused('customer_blocked')", ''],
    [
      'spend a balance that is not there',
      "if (payment_type === 'cash' && !cash)",
      "if (payment_type === 'cash' && false)",
    ],
  ),
  ...into(
    'services/cliente-service/credit/commands.ts',
    ['drop the answer to a hold', '    send(reply(settled.hold, asked_by))\n', ''],
    ['forget the ledger', '  insertEntries(tx, entries, now)\n', ''],
    ['forget to write the account', '  updateAccounts(tx, [...changedAccounts.values()], now)\n', ''],
    ['overlook what an earlier command of the batch did', 'accounts.set(settled.customer.id, settled.customer)\n', ''],
  ),
  ...into(
    'services/veiculo-service/domain/reservation.ts',
    [
      'reserve a vehicle that is taken',
      "if (vehicle.status !== 'available') return refused('vehicle_unavailable')",
      '',
    ],
    [
      'forget the tombstone of a reservation',
      'if (reservation) return { vehicle, reservation }',
      "if (reservation && reservation.status !== 'released') return { vehicle, reservation }",
    ],
    [
      'release a vehicle that was sold',
      "if (reservation.status !== 'reserved') return { vehicle, reservation }",
      "if (reservation.status === 'refused' || reservation.status === 'released') return { vehicle, reservation }",
    ],
    ['sell at an old price', "if (vehicle.price_cents !== price_cents) return refused('price_changed')", ''],
    ['sell without a reservation', "if (transaction_id) return 'vehicle_not_sellable'", ''],
    [
      'sell what another has reserved',
      "if (vehicle.reserved_by !== transaction_id) return 'vehicle_reserved_by_another'",
      "if (transaction_id) reservation = { transaction_id, vehicle_id: vehicle.id, customer_id: 1, status: 'reserved', reason: null }",
    ],
    [
      'hand out a new pickup code each time',
      '? { vehicle, reservation }\n        :',
      '? { vehicle: moved(vehicle, { pickup_code }), reservation }\n        :',
    ],
    [
      'release a vehicle and keep its reservation',
      "{ ...reservation, status: 'released', reason: null }",
      'reservation',
    ],
  ),
  ...into('services/veiculo-service/domain/vehicle.ts', [
    'ignore the revision of a vehicle',
    '  ...standing,\n  revision: vehicle.revision + 1,',
    '  ...standing,\n  revision: vehicle.revision,',
  ]),
  ...into('services/veiculo-service/reservations/sales.ts', [
    'sell, and leave the reservation open',
    '  endReservations(tx, endedReservations, now)\n',
    '',
  ]),
  ...into(
    'services/pagamento-service/domain/charge.ts',
    ['make a second code', '  if (charge) return charge\n  const issued', '  const issued'],
    [
      'forget the tombstone of a code',
      '  if (charge) return charge\n  const issued',
      "  if (charge && charge.code.reason !== 'voided_before_generated') return charge\n  const issued",
    ],
    [
      'take a payment twice',
      "if (charge.code.status !== 'pending' || charge.code.txid) return charge",
      'if (charge.code.txid) return charge',
    ],
    [
      'take a payment for a code that was voided',
      "if (charge.code.status !== 'pending' || charge.code.txid) return charge",
      "if ((charge.code.status !== 'pending' && charge.code.status !== 'voided') || charge.code.txid) return charge",
    ],
    ['take a payment after the time', 'if (now >= charge.code.expires_at) return expire(charge, now)', ''],
    [
      'give a payment back twice',
      "if (code.status !== 'used' || payment?.status !== 'completed' || payment.return_id) return charge",
      "if (code.status !== 'used' || !payment) return charge",
    ],
    [
      'leave an unpaid code payable',
      "if (!code.txid) return withStatus(charge, 'voided')",
      'if (!code.txid) return charge',
    ],
    [
      'let a code expire by being looked at',
      "charge.code.status !== 'pending' || now < charge.code.expires_at",
      "charge.code.status !== 'pending'",
    ],
    ['never let a code expire', "withStatus(charge, 'expired')", 'charge'],
  ),
  ...into(
    'services/pagamento-service/domain/coming-back.ts',
    [
      'return a payment that is returned already',
      "if (payment?.status !== 'completed' || payment.return_id !== null) return charge",
      'if (!payment) return charge',
    ],
    ['forget what is owed', 'return_id !== null && status', 'return_id === null && status'],
    [
      'give back what a warranty has given back',
      'code.amount_cents - (payment?.abated_cents ?? 0)',
      'code.amount_cents',
    ],
  ),
  ...into(
    'services/pagamento-service/domain/parts-back.ts',
    ['ask a provider for banknotes', "method === 'pix' || (method === 'deposit' && end_to_end_id !== null)", 'true'],
    ['owe a Pix in place of asking for it', '!isPix(part) || isTooLate(part, now)', 'true'],
    ['ask for a Pix that is too old', '!isPix(part) || isTooLate(part, now)', '!isPix(part)'],
    ['give a promise back', "if (part.state === 'promised') return { ...part, state: 'cancelled' }", ''],
    ['hear an answer to an earlier attempt', 'if (part.refund_failures !== failures) return part', ''],
    [
      'owe what the provider has given back after all',
      "isDone && (part.state === 'refunding' || part.state === 'owed')",
      "isDone && part.state === 'refunding'",
    ],
    [
      'take an abatement off somebody else’s part first',
      '(part.is_of_another ? 2 : 0)',
      '(part.is_of_another ? -2 : 0)',
    ],
    ['take an abatement off each part', '    left -= share\n', ''],
  ),
  ...into('services/pagamento-service/errands/errands.ts', [
    'leave a return without its answer',
    '    if (reply) send(reply)\n  })\n}\n\nasync function runUnmatched',
    '  })\n}\n\nasync function runUnmatched',
  ]),
  ...into(
    'services/pagamento-service/domain/closing.ts',
    [
      'count what was withdrawn twice',
      '+ (totals.banknotes ?? 0) - withdrawn_cents',
      '+ (totals.banknotes ?? 0) - 2 * withdrawn_cents',
    ],
    ['close over a difference in silence', 'counted_cents === expected || reason !== null', 'true'],
  ),
  ...into(
    'services/orquestrador/purchases/correct-sellers.ts',
    [
      'change who sold in a closed month',
      "if (closed !== null && dayOf(new Date(sold.at)).slice(0, 7) <= closed) throw new Problem('period_closed')",
      '',
    ],
    [
      'change who sold what came back',
      "if ((await purchasesWithReturn(tx, [transaction_id])).length > 0) throw new Problem('taken_over')",
      '',
    ],
  ),
  ...into(
    'services/veiculo-service/domain/coming-back.ts',
    [
      'hold a car that has come in again',
      "if (isInAgain && vehicle?.status === 'picked_up') return refused('came_in_again')",
      '',
    ],
    ['hold a vehicle for two returns', "if (isTaken) return refused('already_being_returned')", ''],
    ['forget the tombstone of a return', 'if (known.return) return { ...known, return: known.return }', ''],
    [
      'take a vehicle back and keep its reservation',
      "{ ...reservation, status: 'returned', reason: null }",
      'reservation',
    ],
  ),
  ...into(
    'services/pagamento-service/domain/parts.ts',
    [
      'take more at the counter than is due',
      "if (part.amount_cents > restOf(current)) return 'payment_exceeds_due'",
      '',
    ],
    ['count a promise as money', '(part.is_received ? part.amount_cents : 0)', 'part.amount_cents'],
    ['strike a part of what is sold', "if (code.status === 'used') return 'part_of_sold'", ''],
    ['receive a part twice', 'if (is_received || isOver({ code, payment }))', 'if (isOver({ code, payment }))'],
  ),
  ...into(
    'services/veiculo-service/domain/warranty.ts',
    ['take a claim on what nobody has taken', "return 'vehicle_not_picked_up'", 'return undefined'],
    ['take a claim at any time', "> LEGAL_DAYS ? 'warranty_over' : undefined", "> 9_999 ? 'warranty_over' : undefined"],
    ['close a claim twice', "if (claim.status !== 'open') return 'claim_closed'", ''],
    ['take something off the price of what comes back', 'vehicle.return_id !== null || ', ''],
  ),
  ...into('services/pagamento-service/domain/coming-back.ts', [
    'pay beside what never came back',
    'payment !== null && payment.return_id !== null',
    'payment !== null',
  ]),
  ...into('host/approvals/approval.ts', [
    'decide about one’s own purchase',
    'request.customer_id === customer_id || ',
    '',
  ]),
  ...into('services/veiculo-service/domain/pickup.ts', [
    'hand over a vehicle that is being returned',
    "if (vehicle.return_id !== null) return 'vehicle_being_returned'",
    '',
  ]),
  ...into('services/orquestrador/runner/run-saga.ts', [
    'let an operator move what has a return',
    'moment, taken?.includes(id))',
    'moment, taken?.includes(String(moment)))',
  ]),
  ...into(
    'services/pagamento-service/domain/receipt.ts',
    ['take any amount', '(receipt.amount_cents ?? code.amount_cents) !== code.amount_cents', 'false'],
    ['keep money that came too late', 'payment: { ...made, refund_due_at: now } } }', 'payment: made } }'],
    [
      'count a second transfer as the first',
      "if (payment?.end_to_end_id) return { charge, unmatched: 'paid_twice' }",
      'if (payment?.end_to_end_id) return { charge }',
    ],
    ['keep what was paid while it was voided', "code.task?.kind === 'void' ? now : null", 'null'],
    [
      'fail a charge that is being closed',
      "code.payment_type !== 'pix' || code.task) return charge",
      "code.payment_type !== 'pix') return charge",
    ],
  ),
  ...into(
    'services/pagamento-service/domain/replies.ts',
    [
      'answer with another amount',
      'payment_id: payment.id, amount_cents }',
      'payment_id: payment.id + 1, amount_cents }',
    ],
    [
      'say that a code is paid while it waits',
      "case 'pending':\n      return undefined",
      "case 'pending':\n      return reply(paymentProcessed, transaction_id, { payment_id: 1, amount_cents })",
    ],
    [
      'call a refused refund done',
      "return reply(paymentRefundFailed, transaction_id, { reason: 'provider_refused' })",
      'return reply(paymentRefunded, transaction_id, { refunded_cents: amount_cents })',
    ],
  ),
  ...into(
    'services/pagamento-service/domain/errand.ts',
    [
      'record a refund that was refused as done',
      "if (answer.status === 'done' && (payment.refund_due_at || payment.return_id))",
      'if (payment.refund_due_at || payment.return_id)',
    ],
    [
      'forget to close a charge that was made meanwhile',
      "task && task.kind !== 'issue' ? { kind: task.kind, due_at: now } : null",
      'null',
    ],
  ),
  ...into('services/pagamento-service/receipts/receipts.ts', [
    'forget money that is nobody’s',
    '  insertUnmatched(tx, [...unmatched.values()], now)\n',
    '',
  ]),
  ...into('services/pagamento-service/errands/errands.ts', [
    'ask for each refund under a new name',
    "failures}` })\n    if (answer.status === 'under_way') await",
    "failures + 100 * attempts}` })\n    if (answer.status === 'under_way') await",
  ]),
  ...into(
    'saga/decide.ts',
    ['skip a deadline', 'moment.now < saga.deadline) return', 'true) return'],
    [
      'cancel past the point of no return',
      "return mustInsist(definition, saga) ? 'too_advanced_to_cancel' : undefined",
      'return undefined',
    ],
    [
      'leave the step that was cut off',
      "because: 'cancellation', reason, undoCurrent: true }",
      "because: 'cancellation', reason, undoCurrent: false }",
    ],
    [
      'leave the step that timed out',
      "undoCurrent: true }, moment, 'timed_out')",
      "undoCurrent: false }, moment, 'timed_out')",
    ],
    [
      'undo in the order in which it was done',
      '    .map((step) => step.name)\n    .reverse()',
      '    .map((step) => step.name)',
    ],
    ['skip one undo', 'remaining: done.remaining.slice(1) }', 'remaining: done.remaining.slice(2) }'],
    [
      'take a reply that nobody awaits any more',
      'return isActive(saga) ? takeReply(definition, saga, input, moment) : unchanged(saga)',
      'return takeReply(definition, saga, input, moment)',
    ],
    [
      'forget how often an operator has resumed it',
      'status, attempt: 1, resumptions: saga.resumptions + 1 }',
      'status, attempt: 1, resumptions: saga.resumptions }',
    ],
    [
      'give up an undo without an operator',
      "if (insisting) return callOperator(saga, moment, 'gave_up', 'no_answer')",
      'if (insisting) return unchanged(saga)',
    ],
    ['end a cancellation as a failure', "if (unwinding.because === 'cancellation') {", 'if (false as boolean) {'],
    ['end without a word', 'what, [send(endings.failed, failed)]', 'what, []'],
    ['act on the answer of another step', 'step.name !== result.step) return', 'false) return'],
  ),
  ...into(
    'services/orquestrador/runner/run-saga.ts',
    ['forget to write history', '  insertHistory(tx, decisions.flatMap(historyOf))\n', ''],
    ['write over what another process did', 'as_of: known.as_of }', 'as_of: null }'],
    ['never make the call', "if (effect.kind !== 'call') continue", 'if (effect) continue'],
  ),
  ...into(
    'services/orquestrador/runner/decide-batch.ts',
    [
      'run a purchase under another version',
      'name === saga.definition && version === saga.version',
      'name === saga.definition',
    ],
    [
      'overlook what an earlier input of the batch did',
      'if (isDecision(answer)) saga = answer.saga',
      "if (isDecision(answer) && 'request' in work) saga = answer.saga",
    ],
  ),
  ...into(
    'services/orquestrador/purchase-saga.ts',
    [
      'ask for the price of yesterday',
      'price_cents: list_cents ?? amount_cents,',
      'price_cents: (list_cents ?? amount_cents) - 1,',
    ],
    ['forget the pickup code', '({ pickup_code }),\n  }),\n}', "({ pickup_code: 'x'.concat(pickup_code) }),\n  }),\n}"],
  ),
  ...into(
    'messaging/consume.ts',
    ['guess at a version to come', 'if (message.schema_version > version)', 'if (false as boolean)'],
    ['drop what can not be handled', 'await setAside(delivery, wordsOf(error))', 'void setAside'],
    [
      'acknowledge before it is handled',
      'if (delivery.attempt < MAX_ATTEMPTS) return [delivery]',
      'if (delivery.attempt < MAX_ATTEMPTS) return []',
    ],
    [
      'forget the rest of a batch that fails',
      'again.push(...(await handleAlone(delivery)))',
      'if (delivery === fitting[0]) again.push(...(await handleAlone(delivery)))',
    ],
  ),
  ...into(
    'messaging/outbox/unit-of-work.ts',
    [
      'send before the commit',
      'messages.push(stamp(one, ids, clock))\n        })',
      'messages.push(stamp(one, ids, clock))\n          relay.committed([{ id: ids.uuid(), messages: [...messages] }])\n        })',
    ],
    ['trust a commit that was not heard of', 'if (messages.length > 0) relay.doubtful()', ''],
    ['forget the outbox', 'if (messages.length > 0) writeOutbox(tx, id, messages)', ''],
  ),
  ...into('host/replay.ts', [
    'settle a dead letter without handling it',
    "await handle(letter, (receiver) =>\n          'take' in receiver ? receiver.take([message]) : receiver.handle(tx, [message], send),\n        )",
    'void [handle, message, send]',
  ]),
  {
    name: 'let a clock outweigh an undo',
    file: 'services/pagamento-service/domain/charge.ts',
    find: "if (code.task?.kind === kind || code.task?.kind === 'void') return { code, payment }",
    put: 'if (code.task?.kind === kind) return { code, payment }',
    argued: 'codes that are being voided are not looked at by the clock (lockExpired), so the rule is a second bolt',
  },
  ...survivors,
  ...everywhere,
]
