/** Mutations that no test noticed once, a few from each room. Each is caught by a test now. */
import { into, type Mutation } from './mutation.ts'

export const survivors: readonly Mutation[] = [
  ...into('services/cliente-service/credit/commands.ts', [
    'take the customer of a release from the message',
    'accounts.get(before?.customer_id ?? request.customer_id)',
    'accounts.get(request.customer_id)',
  ]),
  ...into(
    'services/pagamento-service/domain/errand.ts',
    ['take the answer to an earlier attempt at a refund', ' || payment.refund_failures !== failures', ''],
    ['close a charge that is being made', "if (!code.task || code.task.kind === 'issue')", 'if (!code.task)'],
  ),
  ...into(
    'services/pagamento-service/receipts/unmatched-store.ts',
    [
      'take the answer to an earlier attempt at a refund of nobody’s money',
      ' and refund_failures = $2`',
      ' and refund_failures >= $2 - $2`',
    ],
    [
      'leave nobody’s money without an errand',
      "case when status = 'refunding' then $9::timestamptz end",
      'null::timestamptz',
    ],
  ),
  ...into('services/pagamento-service/domain/unmatched.ts', [
    'call an operator after six refusals',
    'failures >= MAX_FAILURES',
    'failures > MAX_FAILURES',
  ]),
  ...into(
    'services/pagamento-service/errands/errands.ts',
    [
      'take a charge that is still open for closed',
      "if (status === 'open') throw",
      "if (status === 'open' && pix.length > 9) throw",
    ],
    ['tell an answer again after a purchase had one', '(wasAnswered ? undefined : replyTo(after))', 'replyTo(after)'],
  ),
  ...into('services/pagamento-service/domain/replies.ts', [
    'answer an undo while the charge is being voided',
    "export function refundReply({ code, payment }: Charge) {\n  const { transaction_id, amount_cents } = code\n  if (code.status === 'pending' && code.task) return undefined\n",
    'export function refundReply({ code, payment }: Charge) {\n  const { transaction_id, amount_cents } = code\n',
  ]),
  ...into('saga/decide.ts', [
    'let a rebuilt sale give up',
    'resumptions: again?.insists ? 1 : 0',
    'resumptions: again?.insists ? 0 : 0',
  ]),
  ...into(
    'services/orquestrador/http/events.ts',
    ['stay away after a redo', 'if (ended && isFinal(saga)) return', 'if (ended) return'],
    ['end a stream before its last line', ' || last.status !== saga.status) return', ') return'],
    ['know ids in lower case alone', 'request.params.transaction_id.toLowerCase()', 'request.params.transaction_id'],
  ),
  ...into('messaging/consume.ts', [
    'count an outage as poison',
    'onFault(error, delivery.message)\n      if (isUnavailable(error)) throw error\n',
    'onFault(error, delivery.message)\n',
  ]),
  ...into('messaging/outbox/outbox.ts', [
    'wait for what another replica publishes',
    ' for update skip locked',
    ' for update',
  ]),
  ...into('platform/alarm.ts', [
    'sleep for longer than a timer can',
    'Math.min(Math.max(dueAt - Date.now(), 0), LONGEST_SLEEP_MS)',
    'Math.max(dueAt - Date.now(), 0)',
  ]),
  ...into('host/idempotency.ts', [
    'let a key count for every route',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the source
    ' ${request.method} ${request.routeOptions.url}`',
    '`',
  ]),
  ...into('platform/database/pg-errors.ts', [
    'take too many connections for a fault of the work',
    '(08|28|3D|53|57P',
    '(08|28|3D|57P',
  ]),
  ...into('platform/http/auth.ts', ['refuse bearer in lower case', '([\\w.-]+)$/i', '([\\w.-]+)$/']),
  ...into(
    'services/cliente-service/domain/erasure.ts',
    ['forget the registry of R$ 10,000 exactly', 'price_cents >= TEN_THOUSAND', 'price_cents > TEN_THOUSAND'],
    ['forget a debt', 'amount_cents: used_credit_cents }', 'amount_cents: 0 }'],
  ),
  ...into('services/cliente-service/rights/erasure.ts', [
    'keep the sealed answers of the erased',
    '  await forgetAnswers(tx, [customer.id])\n',
    '',
  ]),
  ...into('services/cliente-service/rights/erasure-store.ts', [
    'count what was answered in an earlier round',
    'where erasure_id = coalesce(records_id, person_id))',
    'where erasure_id in (records_id, person_id))',
  ]),
  ...into(
    'services/orquestrador/runner/saga-store.ts',
    [
      'wake what waits for an operator',
      'where deadline is not null and step = any($3::text[])',
      'where step = any($3::text[])',
    ],
    ['write over a saga of another moment', 'sagas.updated_at = new.as_of and ', ''],
    ['write over a saga at another step', 'sagas.step = new.from_step and ', ''],
    ['write over a saga that was asked once more', ' and sagas.attempt = new.from_attempt', ''],
  ),
  ...into('services/orquestrador/records/records.ts', [
    'read the purchase behind its effects',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the source
    "  take('purchase', await own.named(ids))\n  await Promise.all(otherNames.map(async (name) => take(name, await page(ask, name, `ids=${ids.join(',')}`))))",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the source
    "  await Promise.all(otherNames.map(async (name) => take(name, await page(ask, name, `ids=${ids.join(',')}`))))\n  take('purchase', await own.named(ids))",
  ]),
  ...into('services/orquestrador/webhooks/sender.ts', [
    'sign with an old secret for ever',
    'old_secret && old_secret_until && now < old_secret_until',
    'old_secret && old_secret_until',
  ]),
]
