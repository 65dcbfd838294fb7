/** On any route, a typo in a filter must not show everything: the caller is told which parameter is unknown. An impossible id is not found. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permissionsOf } from '#contracts'
import { startSystem } from '../fixtures/system.ts'

const api = await startSystem()
const admin = await api.as({ role: 'admin', subject: 'owner' })

/** Providers and browsers append parameters of their own to these; the reference is a page. */
const TAKES_ANY = /^\/((webhooks|auth|docs)(\/|$)|$)/

function headersFor({ who, services }: ReturnType<typeof permissionsOf>[string] & object) {
  const subject = services?.[0]
  return who === 'everybody' || who.includes('admin') ? admin : api.as({ role: 'service', ...(subject && { subject }) })
}

const UUID = '019b0000-0000-7000-8000-000000000000'
const filled = (path: string) =>
  path.replace(/:(\w+)/g, (_, name) => (/transaction|return|account/.test(name) ? UUID : '999999'))

for (const { name, url } of api.system.services.filter(({ name: one }) => one !== 'gateway')) {
  const rows = Object.entries(permissionsOf(name)).map(([route, row]) => {
    const [method = '', path = ''] = route.split(' ')
    return { method, path, row }
  })

  async function ask(method: string, path: string, headers: Record<string, string>) {
    const withBody = ['POST', 'PUT', 'PATCH'].includes(method)
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, ...(withBody && { 'content-type': 'application/json' }) },
      ...(withBody && { body: '{}' }),
      signal: AbortSignal.timeout(20_000),
    })
    const text = await response.text()
    return { status: response.status, text }
  }

  test(`${name} knows no parameter that it does not name, on any route`, async () => {
    const wrong: string[] = []
    for (const { method, path, row } of rows.filter((one) => !TAKES_ANY.test(one.path))) {
      const { status, text } = await ask(method, `${filled(path)}?custmer_id=1`, await headersFor(row))
      if (status !== 422 || !text.includes('/querystring/custmer_id')) wrong.push(`${method} ${path}: ${status}`)
    }
    assert.deepEqual(wrong, [])
  })

  test(`${name} finds nothing by an id that nothing can have`, async () => {
    const wrong: string[] = []
    const addressed = rows.filter(({ path }) => /\/:\w*id\b/.test(path) && !TAKES_ANY.test(path))
    for (const { method, path, row } of addressed)
      for (const id of ['1e0', '0x1', '-1', '%00', '1;2', '99999999999999999999']) {
        const { status } = await ask(method, path.replace(/:\w*id\b/g, id), await headersFor(row))
        if (status !== 404) wrong.push(`${method} ${path} ${id}: ${status}`)
      }
    assert.deepEqual(wrong, [])
  })
}
