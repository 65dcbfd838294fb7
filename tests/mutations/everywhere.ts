// biome-ignore-all lint/suspicious/noTemplateCurlyInString: as they stand in the sources
/** Mutations of every room, each of a different kind, such as a slip of the pen makes. Each was planted once, and caught. */
import { into, type Mutation } from './mutation.ts'

export const everywhere: readonly Mutation[] = [
  ...into('platform/http/protocol.ts', ['take two Host lines', 'return hosts === 1 ||', 'return hosts >= 1 ||']),
  ...into(
    'platform/http/validation.ts',
    ['take 007 for 7', '(0|[1-9]\\d{0,15})', '(\\d{1,16})'],
    ['keep what is typed in pieces', "else data[name] = text.normalize('NFC')", 'else data[name] = text'],
  ),
  ...into('platform/json-text.ts', [
    'see the key that is named twice in the outermost object alone',
    'if (level.keys.has(level.key)) return',
    'if (levels.length === 1 && level.keys.has(level.key)) return',
  ]),
  ...into('platform/money.ts', ['round half a cent down', 'Math.round(reais * 100)', 'Math.floor(reais * 100)']),
  ...into('platform/http/page.ts', [
    'end a list one page early',
    'found.length > limit ? page.at(-1)',
    'found.length > limit + 1 ? page.at(-1)',
  ]),
  ...into('platform/http/etag.ts', [
    'write over what another has saved',
    "if (!tags.includes(etagOf(current))) throw new Problem('precondition_failed')",
    '',
  ]),
  ...into('platform/http/rate-limit.ts', [
    'let a guess cost nothing',
    'const guess = hasGuessed ? paces',
    'const guess = hasGuessed && false ? paces',
  ]),
  ...into('platform/http/client-address.ts', [
    'tell apart two addresses of one house',
    'filled.slice(0, 4)',
    'filled.slice(0, 8)',
  ]),
  ...into('platform/http/connections.ts', [
    'leave an idle connection open when it stops',
    'if (requests === 0) socket.destroySoon()',
    'if (requests < 0) socket.destroySoon()',
  ]),
  ...into(
    'platform/tokens/issuers.ts',
    [
      'let the local key sign for people beside a provider',
      "if (isForServices && caller.role !== 'service') throw",
      "if (isForServices && caller.role === 'nobody') throw",
    ],
    [
      'take a token for another service',
      '![decodeJwt(token).aud].flat().some((one) => own.includes(one ??',
      '![decodeJwt(token).aud].flat().some((one) => one || own.includes(one ??',
    ],
  ),
  ...into('platform/tokens/payment-proof.ts', ['take the proof of a version to come', 'version !== VERSION || ', '']),
  ...into('platform/csv.ts', [
    'let a formula run',
    "const harmless = FORMULA.test(content) ? `'${content}` : content",
    'const harmless = content',
  ]),
  ...into('platform/free-text.ts', ['keep an address of mail', '  /[\\w.%+-]+@[\\w-]+(\\.[\\w-]+)+/g,\n', '']),
  ...into('platform/log.ts', [
    'write a field that nobody has allowed',
    'Object.hasOwn(ALLOWED, name) ? ALLOWED[name]?.(value) : undefined',
    'Object.hasOwn(ALLOWED, name) ? ALLOWED[name]?.(value) : value',
  ]),
  ...into('platform/peers.ts', [
    'believe a peer that refuses our token',
    'answer.status === 401 ? await',
    'answer.status === 418 ? await',
  ]),
  ...into('platform/batching/group-commit.ts', [
    'let all fail with the one that does',
    'if (batch.length > 1 && mayFailAlone(error))',
    'if (batch.length > 999 && mayFailAlone(error))',
  ]),
  ...into('platform/batching/turns.ts', ['let any number go at once', 'if (atWork >= AT_ONCE) return undefined', '']),
  ...into('platform/database/database.ts', [
    'call a bigint of any size safe',
    'if (!Number.isSafeInteger(value)) throw',
    'if (Number.isNaN(value)) throw',
  ]),
  ...into('platform/database/migrate.ts', ['run a migration twice', "if (before) return 'done before'", '']),
  ...into('platform/own-file.ts', [
    'take an empty file for a good one',
    "if (text.trim() === '') throw damaged('it is empty')",
    "if (text.trim() === '') return undefined",
  ]),
  ...into('platform/config.ts', [
    'take a number with letters behind',
    '/^-?\\d+(\\.\\d+)?$/.test(text) ? Number(text) : text',
    '/^-?\\d+(\\.\\d+)?/.test(text) ? Number.parseFloat(text) : text',
  ]),
  ...into('messaging/pubsub/message.ts', [
    'call a message without its type readable',
    '...(missing.length > 0 ? [',
    '...(missing.length > 9 ? [',
  ]),
  ...into('host/approvals/approvals.ts', [
    'carry out what no longer rests on the same facts',
    "if (!stillRests(approval.rests_on, now)) throw new Problem('approval_stale')",
    '',
  ]),
  ...into(
    'host/chain/chain.ts',
    ['overlook an entry that is gone', 'if (entry.id !== last.id + 1) return', 'if (entry.id < last.id + 1) return'],
    [
      'overlook an entry that was changed',
      "if (entry.hash !== hashOf(entry)) return { id: entry.id, reason: 'altered' }",
      '',
    ],
  ),
  ...into('host/housekeeping.ts', [
    'leave the rest after the first batch',
    'count === batch && !signal?.aborted',
    'count > batch && !signal?.aborted',
  ]),
  ...into('host/idempotency.ts', [
    'give the answer of another body',
    "if (request_hash !== hash) throw new Problem('idempotency_key_reused')",
    '',
  ]),
  ...into('host/replay.ts', [
    'replay what was replayed',
    "if (letter.status === 'replayed') return 'handled_before'",
    '',
  ]),
  ...into('services/cliente-service/domain/adjustment.ts', [
    'withdraw below zero by a cent',
    "if (account_balance_cents < 0) return 'insufficient_balance'",
    "if (account_balance_cents < -1) return 'insufficient_balance'",
  ]),
  ...into('services/cliente-service/domain/masking.ts', [
    'show five digits of a document',
    'text.slice(-4)',
    'text.slice(-5)',
  ]),
  ...into('services/cliente-service/http/amendment.ts', [
    'let the owner of an account move its address here',
    "if ((await registrationOf(tx, before.id)).has_account) throw new Problem('email_of_account')",
    '',
  ]),
  ...into('services/cliente-service/http/claims.ts', [
    'prove a contact that was not asked',
    "if (customer.email !== request.body.email.toLowerCase()) throw new Problem('contact_differs')",
    '',
  ]),
  ...into('services/veiculo-service/domain/vehicle.ts', [
    'edit what is reserved',
    "if (!EDITABLE.includes(vehicle.status)) return 'vehicle_not_editable'",
    '',
  ]),
  ...into('services/veiculo-service/domain/price.ts', [
    'sell below cost without asking',
    'if (wanted_cents < floor_cents) return true',
    '',
  ]),
  ...into('services/pagamento-service/domain/closing.ts', [
    'leave more in the till than was counted',
    "if (float_cents > counted_cents) return 'float_above_counted'",
    '',
  ]),
  ...into('services/pagamento-service/domain/coming-back.ts', [
    'refund by Pix after ninety days',
    'if (isTooLate(payment, now)) return { code, payment: coming }',
    '',
  ]),
  ...into('services/pagamento-service/provider/pix/charges.ts', [
    'take a charge of another amount',
    "if (centsOf(valor.original) !== amount_cents) return { ok: false, reason: 'made_with_another_amount' }",
    '',
  ]),
  ...into('services/orquestrador/audit/compare.ts', [
    'call a late outbox a good one',
    'if (oldest_age_seconds <= OUTBOX_LATE_SECONDS) return waiting',
    'if (oldest_age_seconds >= 0) return waiting',
  ]),
  ...into('services/orquestrador/audit/ties.ts', [
    'look at one page of accounts',
    'if (page.length < RECORDS_PER_PAGE) return found',
    'if (page.length <= RECORDS_PER_PAGE) return found',
  ]),
  ...into('services/orquestrador/webhooks/delivery.ts', [
    'wait ever longer, without an end',
    'Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS)',
    'FIRST_WAIT_MS * 2 ** (failures - 1)',
  ]),
  ...into('services/identidade-service/domain/code.ts', ['take a code a second time', 'code.used_at !== null || ', '']),
  ...into('services/identidade-service/http/staff.ts', [
    'let the last admin go',
    "if (losesAdmin && admins <= 1) throw new Problem('last_admin')",
    '',
  ]),
  ...into('services/avisos-service/mails/compose.ts', [
    'remind whoever asked not to be',
    "if (isReminder(kind) && (await isUnsubscribed(customer.id))) return 'unsubscribed'",
    '',
  ]),
]
