/** Mails against a mail server that refuses, is slow, breaks off, greylists, is away and comes back. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, test } from 'node:test'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import {
  approvalWaiting,
  type BodyOf,
  customerNotice,
  identityNotice,
  type Message,
  type MessageContract,
  purchaseCompleted,
  purchaseReturnAsked,
  purchaseReturned,
} from '#contracts'
import { systemIds } from '#platform/clock'
import { messageOf, testDatabase } from '../../../tests/fixtures/database.ts'
import { tellWaiting } from '../approvals/waiting.ts'
import type { BuyersPurchase, Owners } from '../owners/owners.ts'
import { smtpTransport, type Transport } from '../transport/transport.ts'
import { composer } from './compose.ts'
import { mailEvents } from './events.ts'
import { sendDue } from './sender.ts'

const { database, vault, unitOfWork, sent } = await testDatabase(new URL('../migrations/', import.meta.url))

const noon = Date.UTC(2026, 10, 29, 12)
let now = new Date(noon)
const clock = { now: () => now }
const later = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000)
}

interface Received {
  readonly to: string
  readonly text: string
}

/** A mail server on this machine, as `options` make it. */
async function mailServer(options: SMTPServerOptions = {}) {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join()
        received.push({ to, text: Buffer.concat(pieces).toString() })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {}) // the error that a client leaves behind when it breaks off
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as { port: number }
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  after(close)
  return { received, url: `smtp://127.0.0.1:${port}`, close }
}

const refusing = (responseCode: number) => Object.assign(new Error('no'), { responseCode })

const transportTo = (url: string, milliseconds = 10_000): Transport => {
  const patience = { connect: milliseconds, silence: milliseconds }
  const transport = smtpTransport(url, 'Loja <loja@example.com>', patience)
  after(() => transport[Symbol.dispose]())
  return transport
}

const notices = new Map<string, { kind: string; email: string; content: Record<string, string>; expires_at: string }>()
const purchases = new Map<string, BuyersPurchase>()
let isUnsubscribed = false
let isProven = true
const dataNotices = new Map<string, NonNullable<Awaited<ReturnType<Owners['dataNotice']>>>>()
const deciders: Awaited<ReturnType<Owners['deciders']>> = []
const approval = {
  kind: 'adjustment',
  status: 'waiting',
  asked_by: 'rui',
  asked_at: new Date(noon).toISOString(),
  expires_at: new Date(noon + 86_400_000).toISOString(),
}
let areOwnersAway = false
const compose = composer({
  clock,
  origin: 'https://loja.example',
  isUnsubscribed: async () => isUnsubscribed,
  unsubscribeLink: (id) => `https://loja.example/off/${id}`,
  owners: {
    purchase: async (transaction_id) => purchases.get(transaction_id),
    customer: async (id) => ({
      id,
      name: 'Ana Souza',
      email: 'ana@example.com',
      email_proven: isProven,
      status: 'active',
    }),
    dataNotice: async (id) => dataNotices.get(id),
    approval: async (_service, id) => ({ ...approval, approval_id: id }),
    waitingApprovals: async () => [],
    deciders: async () => deciders,
    notice(id) {
      if (areOwnersAway) return Promise.reject(new Error('identidade-service did not answer'))
      return Promise.resolve(notices.get(id))
    },
  },
})
const [onNotice] = mailEvents(clock, () => {})

/** An event for a mail with a code; given an earlier one, the same event again. */
async function tell(content: Record<string, string> = { code: '123456', name: 'Ana' }): Promise<Message> {
  const id = crypto.randomUUID()
  notices.set(id, {
    kind: 'sign_up_code',
    email: 'ana@example.com',
    content,
    expires_at: new Date(now.getTime() + 2 * 86_400_000).toISOString(),
  })
  const message = messageOf(identityNotice, id, { kind: 'sign_up_code' })
  await take(message)
  return message
}

const take = (...messages: Message[]) => unitOfWork(async (tx, send) => onNotice?.handle(tx, messages, send))
const send = (transport?: Transport) =>
  sendDue({ database, unitOfWork, vault, clock, compose, transport, onError: () => {} })
const states = async () =>
  (await database.query<{ status: string }>('select status from mails order by id')).map(({ status }) => status)
const forget = () => database.query('delete from mails')

test('an event is told once, however often it comes', async () => {
  await forget()
  const { received, url } = await mailServer()
  const message = await tell()
  await take(message, message)
  await send(transportTo(url))
  await take(message)
  await send(transportTo(url))
  assert.deepEqual(
    received.map(({ to }) => to),
    ['ana@example.com'],
  )
  assert.match(received[0]?.text ?? '', new RegExp(`Message-ID: <${message.message_id}.account@example.com>`, 'i'))
  assert.deepEqual(await states(), ['sent'])
})

test('a greylisting server gets it at the second try', async () => {
  await forget()
  let first = true
  const { received, url } = await mailServer({
    onRcptTo(_address, _session, done) {
      done(first ? refusing(451) : undefined)
      first = false
    },
  })
  await tell()
  await send(transportTo(url))
  assert.deepEqual([received.length, await states()], [0, ['waiting']])
  await send(transportTo(url))
  assert.equal(received.length, 0, 'not before its time')
  later(2)
  await send(transportTo(url))
  assert.deepEqual([received.length, await states()], [1, ['sent']])
})

test('a slow server and one that breaks off in the middle are tried again, and nothing is lost', async () => {
  await forget()
  const slow = await mailServer({ onConnect: () => {} })
  const broken = await mailServer({
    onData(stream, session) {
      stream.resume()
      ;(session as unknown as { id: string }).id = ''
      broken.close()
    },
    closeTimeout: 1,
  })
  const sound = await mailServer()
  await tell()
  await send(transportTo(slow.url, 300))
  later(2)
  await send(transportTo(broken.url))
  assert.deepEqual(await states(), ['waiting'])
  later(10)
  await send(transportTo(sound.url))
  assert.deepEqual([sound.received.length, await states()], [1, ['sent']])
})

test('mails reach a server that was away for half a day', async () => {
  await forget()
  const there = await mailServer()
  const gone = await mailServer()
  await gone.close()
  await tell()
  for (let minutes = 0; minutes < 12 * 60; minutes += 30) {
    await send(transportTo(gone.url))
    later(30)
  }
  assert.deepEqual(await states(), ['waiting'])
  later(6 * 60)
  await send(transportTo(there.url))
  assert.deepEqual([there.received.length, await states()], [1, ['sent']])
})

test('an address that does not exist is a dead letter at once; replayed by an operator it is tried anew', async () => {
  await forget()
  const { url } = await mailServer({ onRcptTo: (_address, _session, done) => done(refusing(550)) })
  const message = await tell()
  await send(transportTo(url))
  assert.deepEqual(await states(), ['dead'])
  const [letter] = await database.query<{ reason: string; subscription: string }>(
    'select reason, subscription from dead_letters where message_id = $1',
    [message.message_id],
  )
  assert.deepEqual(
    [letter?.subscription, letter?.reason],
    ['avisos-service-identity-notice-sub', 'Error: the mail server answered 550'],
  )
  await take(message)
  const sound = await mailServer()
  await send(transportTo(sound.url))
  assert.deepEqual([sound.received.length, await states()], [1, ['sent']])
})

test('a mail that could not be sent for a day is a dead letter', async () => {
  await forget()
  const gone = await mailServer()
  await gone.close()
  await tell()
  let tries = 0
  while ((await states())[0] === 'waiting' && tries < 50) {
    tries += await send(transportTo(gone.url))
    later(60)
  }
  assert.deepEqual(await states(), ['dead'])
  assert.ok(tries >= 8, `${tries} tries`)
})

test('while the owner of the address is away it waits; a code that has ended meanwhile is told to nobody', async () => {
  await forget()
  const { received, url } = await mailServer()
  areOwnersAway = true
  await tell()
  await send(transportTo(url))
  assert.deepEqual(await states(), ['waiting'])
  areOwnersAway = false
  later(3 * 24 * 60)
  await send(transportTo(url))
  assert.deepEqual([received.length, await states()], [0, ['dropped']])
})

test('a stop leaves mails that are not begun to the next start', async () => {
  await forget()
  for (let count = 0; count < 20; count += 1) await tell()
  const parts = { database, unitOfWork, vault, clock, compose, onError: () => {} }
  assert.equal(await sendDue(parts, () => true), 16)
  assert.equal(await sendDue(parts), 4)
  assert.deepEqual(new Set(await states()), new Set(['kept']))
})

test('line breaks in a name reach no header, and no tag reaches the page', async () => {
  await forget()
  const { received, url } = await mailServer()
  await tell({ code: '123456', name: 'Ana\r\nBcc: todos@example.com\r\n\r\nOlá' })
  await tell({ code: '123456', name: '<script>alert(1)</script>' })
  await send(transportTo(url))
  assert.deepEqual(
    received.map(({ to }) => to),
    ['ana@example.com', 'ana@example.com'],
  )
  for (const { text } of received) {
    const [head = '', ...body] = text.split('\r\n\r\n')
    assert.doesNotMatch(head, /^Bcc:/im)
    const [, page = ''] = body.join('\n').split('text/html')
    assert.match(page, /<body/)
    assert.doesNotMatch(page, /<script/)
  }
})

test('without a mail server mails are kept, and nobody reads them in the database', async () => {
  await forget()
  await tell({ code: '654321', name: 'Ana' })
  await send()
  assert.deepEqual(await states(), ['kept'])
  const [row] = await database.query<{ content: string }>('select content from mails')
  assert.match(row?.content ?? '', /^v1\./)
  assert.doesNotMatch(JSON.stringify(await database.query('select * from mails')), /ana@example|654321|Olá/)
})

test('a sale is announced at once with the pickup code, and once more after days unless it was fetched or they unsubscribed', async () => {
  for (const [unsubscribed, code, told] of [
    [false, '7K2M9P', 2],
    [false, undefined, 1],
    [true, '7K2M9P', 1],
  ] as const) {
    await forget()
    isUnsubscribed = unsubscribed
    const { received, url } = await mailServer()
    const id = crypto.randomUUID()
    const saga = { transaction_id: id, customer_id: 7, amount: 85_000, payment_type: 'cash', status: 'COMPLETED' }
    purchases.set(id, { ...saga, vehicle: 'Fiat Strada 2023', pickup_code: '7K2M9P' })
    const body = { customer_id: 7, vehicle_id: 1, amount_cents: 8_500_000, payment_type: 'cash' } as const
    const message = messageOf(purchaseCompleted, id, body)
    const onCompleted = mailEvents(clock, () => {}).find(({ contract }) => contract === purchaseCompleted)
    await unitOfWork(async (tx, send) => onCompleted?.handle(tx, [message, message], send))
    await send(transportTo(url))
    assert.equal(received.length, 1)
    purchases.set(id, { ...saga, vehicle: 'Fiat Strada 2023', pickup_code: code })
    later(4 * 24 * 60)
    await send(transportTo(url))
    assert.equal(received.length, told)
    if (told === 2) assert.match(received[1]?.text ?? '', /^List-Unsubscribe: <https:\/\/loja\.example\/off\/7>/m)
  }
  isUnsubscribed = false
})

const eventOf = (contract: MessageContract) => mailEvents(clock, () => {}).find((one) => one.contract === contract)

test('an unproven address gets nothing about a purchase', async () => {
  await forget()
  isProven = false
  const { received, url } = await mailServer()
  const id = crypto.randomUUID()
  const saga = { transaction_id: id, customer_id: 7, amount: 85_000, payment_type: 'cash', status: 'COMPLETED' }
  purchases.set(id, { ...saga, vehicle: 'Fiat Strada 2023', pickup_code: '7K2M9P' })
  const body = { customer_id: 7, vehicle_id: 1, amount_cents: 8_500_000, payment_type: 'cash' } as const
  await unitOfWork(async (tx, send) =>
    eventOf(purchaseCompleted)?.handle(tx, [messageOf(purchaseCompleted, id, body)], send),
  )
  await send(transportTo(url))
  isProven = true
  assert.deepEqual([received.length, (await states()).sort()], [0, ['dropped', 'waiting', 'waiting']])
})

test('a return is acknowledged at once, and its end says where the money is', async () => {
  await forget()
  const { received, url } = await mailServer()
  const purchase_id = crypto.randomUUID()
  const return_id = crypto.randomUUID()
  const saga = { transaction_id: purchase_id, customer_id: 7, amount: 85_000, payment_type: 'pix', status: 'COMPLETED' }
  purchases.set(purchase_id, { ...saga, vehicle: 'Fiat Strada 2023' })
  const body = { purchase_id, customer_id: 7, vehicle_id: 1, amount_cents: 8_500_000, payment_type: 'pix' } as const
  for (const contract of [purchaseReturnAsked, purchaseReturned]) {
    const message = messageOf(contract, return_id, body)
    await unitOfWork(async (tx, send) => eventOf(contract)?.handle(tx, [message, message], send))
    await send(transportTo(url))
  }
  assert.equal(received.length, 2)
  assert.match(received[0]?.text ?? '', /devolu/)
  assert.match(received[1]?.text ?? '', /Pix/)
  assert.match(received[1]?.text ?? '', new RegExp(`/compra/${purchase_id}`))
})

test('people are told that their data was read or changed, at the right address', async () => {
  await forget()
  const { received, url } = await mailServer()
  const at = now.toISOString()
  const expires_at = new Date(now.getTime() + 86_400_000).toISOString()
  for (const [kind, email] of [
    ['data_read', 'ana@example.com'],
    ['data_copied', 'ana@example.com'],
    ['email_changed', 'antiga@example.com'],
    ['data_read', null],
    ['of_a_later_release', 'ana@example.com'],
  ] as const) {
    const id = crypto.randomUUID()
    dataNotices.set(id, { customer_id: 7, name: 'Ana Souza', kind, email, at, expires_at })
    const message = messageOf(customerNotice, id, { kind })
    await unitOfWork(async (tx, send) => eventOf(customerNotice)?.handle(tx, [message, message], send))
  }
  await send(transportTo(url))
  assert.deepEqual(received.map(({ to }) => to).sort(), ['ana@example.com', 'ana@example.com', 'antiga@example.com'])
  assert.deepEqual((await states()).sort(), ['dropped', 'dropped', 'sent', 'sent', 'sent'])
})

test('deciders are told once that an approval waits, but never the one who asked, and not when it is over', async () => {
  await forget()
  const { received, url } = await mailServer()
  const [dona, rui] = [crypto.randomUUID(), crypto.randomUUID()]
  deciders.push(
    { account_id: dona, name: 'Dona Dora', email: 'dona@example.com' },
    { account_id: rui, name: null, email: 'rui@example.com' },
  )
  const waiting = { ...approval, approval_id: crypto.randomUUID(), asked_by: rui }
  const owners = { waitingApprovals: async () => [waiting], deciders: async () => deciders }
  const parts = { unitOfWork, clock, ids: systemIds, owners }
  const both = await Promise.all([tellWaiting(parts, 'cliente-service'), tellWaiting(parts, 'cliente-service')])
  assert.deepEqual(both.sort(), [0, 1])
  const told = sent.filter(({ type }) => type === approvalWaiting.topic)
  await unitOfWork(async (tx, send) => eventOf(approvalWaiting)?.handle(tx, told, send))
  await send(transportTo(url))
  assert.deepEqual(
    received.map(({ to }) => to),
    ['dona@example.com'],
  )
  approval.status = 'approved'
  const late = messageOf(approvalWaiting, crypto.randomUUID(), told[0]?.body as BodyOf<typeof approvalWaiting>)
  await unitOfWork(async (tx, send) => eventOf(approvalWaiting)?.handle(tx, [late], send))
  await send(transportTo(url))
  assert.equal(received.length, 1)
})
