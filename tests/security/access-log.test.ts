/** Unmasked readings of personal data, the people who may read, and the log of it: over HTTP, and by the command. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import pino from 'pino'
import { serviceNames, services } from '#contracts'
import { readConfig } from '#platform/config'
import { openDatabase } from '#platform/database/database'
import { startEmbedded } from '../../app/embedded/embedded.ts'
import { databasePrefix, testServer } from '../fixtures/database.ts'
import { CLIENTE, startSystem, until, VEICULO, vehicleAt } from '../fixtures/system.ts'

const DATABASE_PREFIX = databasePrefix()
const api = await startSystem({ DATABASE_PREFIX })
const run = promisify(execFile)

const ANA = { name: 'Ana Souza', email: 'ana@example.com', phone: '+5511987654321', document: '52998224725' }
const { body: ana } = await api.call(CLIENTE, 'POST', '/customers', ANA)
const vehicle = await vehicleAt(api, 50_000, { license_plate: 'BRA2E19' })
const staff = await api.as({ role: 'staff', subject: 'maria' })
const herself = await api.as({ role: 'customer', customer_id: ana.id })

const WHY = encodeURIComponent('Called about a refund, her CPF is 529.982.247-25')
const unmasked = (query: string, headers: { authorization: string }) =>
  api.call(CLIENTE, 'GET', `/customers/${ana.id}/unmasked?${query}`, undefined, headers)

test('staff read what they name and say why; the entry says who, whose, what, why and when, and no value', async () => {
  const { status, body } = await unmasked(`fields=document,phone&reason=${WHY}`, staff)
  assert.deepEqual([status, body], [200, { id: ana.id, document: ANA.document, phone: ANA.phone }])
  const { body: log } = await api.call(CLIENTE, 'GET', '/access-log')
  const { at, hash, previous_hash, ...entry } = log.entries.at(-1)
  assert.deepEqual(entry, {
    id: 1,
    subject: 'maria',
    role: 'staff',
    about: 'customer',
    about_id: ana.id,
    fields: ['document', 'phone'],
    reason: 'Called about a refund, her CPF is […]',
  })
  assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000)
  assert.equal(previous_hash, '0'.repeat(64))
  assert.deepEqual(log.head, { id: 1, hash })
})

test('staff who give no reason, or ask for an unknown field, read nothing, and nothing is on record', async () => {
  const before = (await api.call(CLIENTE, 'GET', '/access-log')).body.head
  for (const query of ['fields=document', 'fields=document&reason=%20%20%20%20%20%20', 'fields=status&reason=curious'])
    assert.equal((await unmasked(query, staff)).status, 422, query)
  assert.deepEqual((await api.call(CLIENTE, 'GET', '/access-log')).body.head, before)
})

test('a customer reads their own without a reason, and nobody else’s; services and strangers none', async () => {
  const own = await unmasked('fields=document,address', herself)
  assert.deepEqual([own.status, own.body], [200, { id: ana.id, document: ANA.document, address: null }])
  const other = await api.as({ role: 'customer', customer_id: ana.id + 1 })
  assert.equal((await unmasked('fields=document', other)).status, 404)
  assert.equal(
    (await unmasked('fields=document', await api.as({ role: 'service', subject: 'orquestrador' }))).status,
    403,
  )
  assert.equal((await unmasked('fields=document', { authorization: '' })).status, 401)
})

test('staff read a vehicle’s identifiers in the same way', async () => {
  const path = `/vehicles/${vehicle}/unmasked?fields=license_plate,received_by`
  const read = await api.call(VEICULO, 'GET', `${path}&reason=Police%20enquiry`, undefined, staff)
  assert.deepEqual([read.status, read.body], [200, { id: vehicle, license_plate: 'BRA2E19', received_by: null }])
  assert.equal((await api.call(VEICULO, 'GET', path, undefined, staff)).status, 422)
  assert.equal((await api.call(VEICULO, 'GET', path, undefined, herself)).status, 403)
})

test('only admins read the log', async () => {
  for (const headers of [staff, herself, { authorization: '' }])
    assert.notEqual((await api.call(CLIENTE, 'GET', '/access-log', undefined, headers)).status, 200)
})

test('the command finds the log whole, and says which entry of it was changed, cut off or made anew', async () => {
  const { authorization } = await api.as({ role: 'admin' })
  const environment = Object.fromEntries(serviceNames.map((name) => [services[name].url, api.system.addressOf(name)]))
  const command = (...words: string[]) => {
    const token = authorization.replace('Bearer ', '')
    const options = { env: { ...process.env, ...environment } }
    const done = run(process.execPath, ['app/ops/access-log.ts', ...words, '--token', token], options)
    return done.then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }) => ({ code, stdout }),
    )
  }
  const whole = await command('verify')
  assert.equal(whole.code, 0, whole.stdout)
  const [, kept = ''] = /(cliente-service:\d+:[0-9a-f]{64})/.exec(whole.stdout) ?? []
  assert.match((await command('list')).stdout, /maria \(staff\).*customer 1.*document, phone/)
  assert.equal((await command('verify', '--expect', kept)).code, 0)

  const url = new URL(testServer())
  url.pathname = `/${DATABASE_PREFIX}cliente_service`
  await using database = openDatabase({ url: url.href, poolSize: 2, onIdleError: () => {} })
  await database.query('alter table personal_data_access disable trigger user')
  await database.query(`delete from personal_data_access where id > 1`)
  const cut = await command('verify')
  assert.deepEqual([cut.code, /cliente-service.*BROKEN: entry 2 is missing/.test(cut.stdout)], [1, true], cut.stdout)

  // with the head set back too, only the hash that was kept elsewhere and the anchors tell
  await database.query(
    `update personal_data_access_head set id = 1, hash = (select hash from personal_data_access where id = 1)`,
  )
  assert.equal((await command('verify')).code, 0)
  const shorter = await command('verify', '--expect', kept)
  assert.deepEqual([shorter.code, /BROKEN: entry 2 is missing: the log had/.test(shorter.stdout)], [1, true])

  await database.query(`update personal_data_access set subject = 'joana' where id = 1`)
  const altered = await command('verify', '--service', 'cliente-service')
  assert.deepEqual([altered.code, /BROKEN: entry 1 was altered/.test(altered.stdout)], [1, true], altered.stdout)
  await database.query(`update personal_data_access set subject = 'maria' where id = 1`)

  // heads are anchored by every start, and every hour after it
  assert.equal((await unmasked(`fields=document&reason=${WHY}`, staff)).status, 200)
  {
    const ports = ['CLIENTE', 'VEICULO', 'PAGAMENTO', 'ORQUESTRADOR', 'IDENTIDADE', 'AVISOS', 'GATEWAY', 'WEB']
    const free = Object.fromEntries(ports.map((name) => [`PORT_${name}`, '0']))
    const own = {
      DATABASE_PREFIX,
      DATA_DIR: api.directory,
      DATABASE_URL: testServer(),
    }
    await using _again = await startEmbedded({ config: readConfig({ ...free, ...own }), log: pino({ level: 'fatal' }) })
    await until(
      'the head is anchored',
      async () => (await api.call(CLIENTE, 'GET', '/anchors')).body.anchors.length > 0,
    )
  }
  assert.equal((await command('verify', '--service', 'cliente-service')).code, 0)
  await database.query(`delete from personal_data_access where id > 1`)
  await database.query(
    `update personal_data_access_head set id = 1, hash = (select hash from personal_data_access where id = 1)`,
  )
  const alone = await command('verify', '--service', 'cliente-service')
  assert.deepEqual([alone.code, /BROKEN: entry 2 is missing: the log had/.test(alone.stdout)], [1, true], alone.stdout)
  // and somebody who makes the end up anew
  assert.equal((await unmasked(`fields=phone&reason=${WHY}`, staff)).status, 200)
  const anew = await command('verify', '--service', 'cliente-service')
  assert.deepEqual([anew.code, /the chain was made anew/.test(anew.stdout)], [1, true], anew.stdout)
})
