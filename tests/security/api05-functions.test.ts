/** OWASP API5:2023 Broken function level authorization: routes of other roles are closed, in whatever form they are asked for. */
import { test } from 'node:test'
import { permissionsOf, type Role, serviceNames } from '#contracts'
import { startSystem } from '../fixtures/system.ts'
import { attackOn } from './attack.ts'

const attack = attackOn('API5')
const api = await startSystem()
const door = api.system.addressOf('gateway')
const ROLES: readonly Role[] = ['customer', 'staff', 'admin', 'service']
const headersOf = new Map<Role | 'nobody', Record<string, string>>([['nobody', {}]])
for (const role of ROLES)
  headersOf.set(role, await api.as({ role, ...(role === 'customer' && { customer_id: 999_999 }) }))

const addressed = (path: string) =>
  path
    .replace(':transaction_id', '019b0000-0000-7000-8000-000000000000')
    .replace(':code', 'nocode')
    .replace(':id', '999999')

async function ask(url: string, method: string, path: string, headers: Record<string, string> = {}) {
  const withBody = !['GET', 'HEAD', 'DELETE'].includes(method)
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, ...(withBody && { 'content-type': 'application/json' }) },
    ...(withBody && { body: '{}' }),
  })
  await response.arrayBuffer()
  return response
}

/** Ways to name another method or path than the checked one; a server that obeys them is open. */
const DISGUISES: readonly (readonly [path: string, headers: Record<string, string>])[] = [
  ['', { 'x-http-method-override': 'GET' }],
  ['', { 'x-method-override': 'GET', 'x-http-method': 'GET' }],
  ['?_method=GET', {}],
  ['', { 'x-original-url': '/health', 'x-rewrite-url': '/health' }],
  ['', { 'x-forwarded-prefix': '/health', 'x-forwarded-path': '/health' }],
  ['', { 'x-role': 'admin', 'x-user-role': 'admin', 'x-customer-id': '1' }],
  ['', { origin: 'null', referer: 'http://localhost/admin' }],
  ['', { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' }],
]

test('every route of every service is closed to each role that the table does not name, and to nobody', async () => {
  for (const { name, url } of api.system.services.filter((service) => service.name !== 'gateway')) {
    for (const [route, { who }] of Object.entries(permissionsOf(name))) {
      const [method = '', path = ''] = route.split(' ')
      if (who === 'everybody') continue
      const outsiders = [...headersOf].filter(([role]) => role === 'nobody' || !who.includes(role))
      for (const [role, headers] of outsiders)
        await attack.refused(
          `${role}: ${name} ${route}`,
          ask(url, method, addressed(path), headers),
          role === 'nobody' ? 401 : 403,
        )
      const [least, headers] = outsiders.find(([role]) => role !== 'nobody') ?? ['nobody' as const, {}]
      for (const [suffix, disguise] of DISGUISES)
        await attack.refused(
          `${least}, disguised: ${name} ${route}`,
          ask(url, method, `${addressed(path)}${suffix}`, { ...headers, ...disguise }),
          least === 'nobody' ? 401 : 403,
        )
      if (method === 'GET') await attack.refused(`HEAD ${path}`, ask(url, 'HEAD', addressed(path)), 401, 404, 405)
    }
  }
})

test('a service reaches the routes that it needs, no others, and none from outside', async () => {
  for (const caller of serviceNames) {
    const headers = await api.as({ role: 'service', subject: caller })
    for (const { name, url } of api.system.services.filter((service) => service.name !== 'gateway')) {
      for (const [route, { who, services }] of Object.entries(permissionsOf(name))) {
        const [method = '', path = ''] = route.split(' ')
        if (who === 'everybody' || !who.includes('service') || services?.includes(caller)) continue
        await attack.refused(`${caller}: ${name} ${route}`, ask(url, method, addressed(path), headers), 403)
      }
    }
    await attack.refused(`${caller} at the gateway`, ask(door, 'PATCH', '/vehicles/1/mark_as_sold', headers), 401)
  }
})

test('a path that is written otherwise leads nowhere, and least of all past the check', async () => {
  const staff = [
    '/customers',
    '/customers/1/block',
    '/dead-letters',
    '/webhook-subscriptions',
    '/unmatched-payments',
    '/saga-states/overdue',
  ]
  const otherwise = (path: string) => [
    `${path}/`,
    `/${path}`,
    path.toUpperCase(),
    `${path}.json`,
    `${path};a=b`,
    `${path}%20`,
    `${path}%00`,
    `${path}/.`,
    path.replace(/^\/(.)/, (_, first: string) => `/%${first.charCodeAt(0).toString(16)}`),
  ]
  const headers = headersOf.get('customer')
  for (const path of staff)
    for (const form of otherwise(path)) {
      for (const url of [door, ...api.system.services.filter(({ name }) => name !== 'gateway').map((one) => one.url)])
        await attack.refused(`${form} at ${url}`, ask(url, 'GET', form, headers), 400, 403, 404, 405, 422)
    }
})

attack.tell()
