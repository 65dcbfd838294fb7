/** OWASP API9:2023 Improper inventory management: exactly the documented routes are reachable, and no forgotten ones. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permissionsOf } from '#contracts'
import { operationsOf } from '#platform/http/openapi'
import type { OpenApi } from '#platform/http/openapi-document'
import { startSystem } from '../fixtures/system.ts'
import { attackOn } from './attack.ts'

const attack = attackOn('API9')
const api = await startSystem()
const door = api.system.addressOf('gateway')
const admin = await api.as({ role: 'admin' })

const FORGOTTEN = [
  ...[
    '.env',
    '.git/config',
    '.git/HEAD',
    '.npmrc',
    '.dockerenv',
    '.well-known/security.txt',
    'package.json',
    'package-lock.json',
    'Dockerfile',
  ],
  ...[
    'docker-compose.yml',
    'tsconfig.json',
    'app/main.ts',
    'services/gateway/proxy.ts',
    'node_modules/fastify/package.json',
    '.data/local-issuer.jwk.json',
  ],
  ...[
    'local-issuer.jwk.json',
    'payment-webhook.secret',
    'backup.sql',
    'dump.sql',
    'db.sqlite',
    'terraform.tfstate',
    'id_rsa',
    'server.key',
  ],
  ...[
    'admin',
    'admin/',
    'administrator',
    'debug',
    'debug/pprof',
    'debug/vars',
    'trace',
    'heapdump',
    'inspector',
    'json/version',
  ],
  ...[
    'actuator',
    'actuator/env',
    'actuator/heapdump',
    'server-status',
    'phpinfo.php',
    'wp-login.php',
    'cgi-bin/',
    'status',
    'info',
    'env',
  ],
  ...[
    'graphql',
    'graphiql',
    'api',
    'api/v1/customers',
    'v1/customers',
    'v2/customers',
    'beta/customers',
    'internal/customers',
    'test',
    'swagger.json',
  ],
  ...[
    'swagger-ui.html',
    'api-docs',
    'openapi.yaml',
    'users',
    'login',
    'token',
    'oauth/token',
    'register',
    'jwks.json',
    '.well-known/jwks.json',
  ],
  ...[
    'migrate',
    'seed',
    'reset',
    'shutdown',
    'quit',
    'restart',
    'config',
    'customers/1/personal-data.json',
    'customers.csv',
    'customers/export',
  ],
]

test('nothing answers at addresses that are often forgotten, to nobody and to an admin', async () => {
  for (const { url } of api.system.services)
    for (const path of FORGOTTEN)
      for (const headers of [{}, admin] as Record<string, string>[]) {
        const response = await fetch(`${url}/${path}`, { headers, redirect: 'manual' })
        await response.arrayBuffer()
        await attack.refused(`/${path} at ${url}`, response, 401, 404, 405, 422)
      }
})

test('every route has a row of permissions and stands in the document, and no row is left of one that went', async () => {
  for (const { name, url } of api.system.services.filter((service) => service.name !== 'gateway')) {
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi
    const documented = new Set(
      [...operationsOf(document)].map(
        ([path, method]) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
      ),
    )
    const hidden = Object.entries(permissionsOf(name)).filter(([route]) => !documented.has(route))
    for (const [route, { who }] of hidden) {
      const isBetweenServices = who !== 'everybody' && who.every((role) => role === 'service')
      const isAboutItself = /^GET \/(metrics|openapi\.json|docs|problems)/.test(route)
      const isPublicKey = route === 'GET /payment-proofs/key' // services check proofs with it, and nobody else needs it
      attack.failed(`${name} ${route} is in no document`, isBetweenServices || isAboutItself || isPublicKey)
    }
    for (const route of documented) assert.ok(permissionsOf(name)[route], `${name} ${route}`)
  }
})

test('the public door leads to what its document names, and keeps the services’ own addresses to itself', async () => {
  const document = (await (await fetch(`${door}/openapi.json`)).json()) as OpenApi
  const paths = new Set(Object.keys(document.paths))
  const inner = api.system.services
    .filter(({ name }) => name !== 'gateway')
    .flatMap(({ name }) => ['metrics', 'health', 'ready', 'openapi.json', 'docs'].map((path) => `/${name}/${path}`))
  for (const path of inner) {
    assert.ok(!paths.has(path))
    for (const headers of [{}, admin] as Record<string, string>[]) {
      const response = await fetch(`${door}${path}`, { headers })
      await response.arrayBuffer()
      await attack.refused(path, response, 404)
    }
  }
  const text = JSON.stringify(document)
  for (const { url, name } of api.system.services)
    attack.failed(`the document tells where ${name} is`, !text.includes(new URL(url).host))
  const figures = await (await fetch(`${door}/metrics`)).text()
  for (const secret of [/customer_id/, /transaction_id/, /\d{3}\.\d{3}\.\d{3}-\d{2}/, /@example\.com/, /Bearer/])
    attack.failed(`figures tell ${secret}`, !secret.test(figures))
})

attack.tell()
