/** No secret lies in the repository, and the check sees one when it does. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { exportJWK, exportPKCS8, generateKeyPair, SignJWT } from 'jose'
import { secretsIn } from './secrets-in-files.ts'

const ROOT = new URL('../../', import.meta.url).pathname

/** Texts that look like a secret and are none. */
const ALLOWED: readonly { readonly file: string; readonly kind: string; readonly why: string }[] = [
  { file: 'app/embedded/postgres.ts', kind: 'password in an address', why: 'says the form of an address' },
  { file: 'tests/infrastructure/deployed.ts', kind: 'password in an address', why: 'of a mail server that is none' },
  { file: 'tests/psp/api-pix-2.9.0-openapi.yaml', kind: 'JSON Web Token', why: "Banco Central's published examples" },
  { file: 'tests/psp/certificates.ts', kind: 'private key', why: 'the frame for a key that each run makes anew' },
]

const isGit = existsSync(`${ROOT}.git`)

test('no file of the repository holds a secret', {
  skip: isGit ? false : 'this is no clone: git says what belongs to it',
}, () => {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean)
  assert.ok(files.length > 400)
  const found = files
    .filter((file) => lstatSync(`${ROOT}${file}`, { throwIfNoEntry: false })?.isFile())
    .flatMap((file) => secretsIn(readFileSync(`${ROOT}${file}`, 'utf8')).map((one) => ({ file, ...one })))
  const open = found.filter(({ file, kind }) => !ALLOWED.some((one) => one.file === file && one.kind === kind))
  assert.deepEqual(open, [], 'take it out, make it worthless, then say here why the rest is none')
  for (const one of ALLOWED)
    assert.ok(
      found.some(({ file, kind }) => file === one.file && kind === one.kind),
      `${one.file} is allowed what it has no more`,
    )
})

test('the check sees every kind of secret, and no plain text', async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const random = (bytes: number) => randomBytes(bytes).toString('base64url')
  const letters = (length: number) =>
    random(200)
      .replace(/[^A-Za-z0-9]/g, 'x')
      .slice(0, length)
  const secrets = [
    await exportPKCS8(privateKey),
    JSON.stringify(await exportJWK(privateKey)),
    `authorization: Bearer ${await new SignJWT({ role: 'admin' }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)}`,
    `AK${'IA'}${letters(16).toUpperCase()}`,
    `AI${'za'}${letters(35)}`,
    `gh${'p_'}${letters(36)}`,
    `glp${'at-'}${letters(20)}`,
    `//registry.example.com/:_auth${'Token'}=${random(24)}`,
    `xo${'xb-'}${letters(24)}`,
    `sk_${'live_'}${letters(24)}`,
    `whs${'ec_'}${random(32)}`,
    `DATABASE_URL=postgres://app:${letters(16)}@db.example.com/app`,
    `PIX_CLIENT_${'SECRET'}=${random(24)}`,
    `const apiKey = '${random(24)}'`,
    `"password": "${random(24)}"`,
  ]
  assert.deepEqual(
    secrets.filter((text) => secretsIn(text).length === 0),
    [],
  )
  const plain = [
    'const secret = newSecret()',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as Compose writes it
    'PAYMENT_WEBHOOK_SECRETS=${PAYMENT_WEBHOOK_SECRETS:-}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as Compose writes it
    'postgres://postgres:${POSTGRES_PASSWORD:-mercado}@postgres:5432/postgres',
    'const TOKEN = "ya29.of-this-machine"',
    'token: idempotency_key_reused_with_another_body',
    'https://github.com/login?secret=none',
    '"integrity": "sha512-Thbli+OlOj+iMPYFBVBfJ3OmCAnaSyNn4M1vz9T6Gka5Jt9ba/HIR56joy65tY6kx/FCF5VXNB819Y7/GUrBGA=="',
  ]
  assert.deepEqual(plain.flatMap(secretsIn), [])
})
