/**
 * Attempts against one item of the OWASP API Security Top 10 (2023): each must fail, each is counted, and
 * docs/security-attacks.md says how many there were. `npm run attacks` writes the counts there.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { test } from 'node:test'

export const PAGE = new URL('../../docs/security-attacks.md', import.meta.url)

interface Answered {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API answers; the assertions say what it should be
  readonly body?: any
}

export interface Attack {
  /** It was answered by one of these statuses. */
  refused(what: string, answer: Answered | PromiseLike<Answered>, ...statuses: readonly number[]): Promise<void>
  /** It had no effect, as the caller has checked. */
  failed(what: string, isHarmless: boolean): void
  /** Call this last: it tests that the page states the number of attacks. */
  tell(): void
}

/** `item`: `API1`. */
export function attackOn(item: string): Attack {
  let attempts = 0
  return {
    async refused(what, answer, ...statuses) {
      attempts += 1
      const { status, body } = await answer
      assert.ok(statuses.includes(status), `${what}: answered ${status} ${JSON.stringify(body)?.slice(0, 300)}`)
    },
    failed(what, isHarmless) {
      attempts += 1
      assert.ok(isHarmless, what)
    },
    tell() {
      test(`${item}: docs/security-attacks.md says how many attempts were made`, (context) => {
        context.diagnostic(`${item}: ${attempts} attempts, none succeeded`)
        const page = readFileSync(PAGE, 'utf8')
        const row = new RegExp(`^(\\| ${item} .*\\| )([\\d,]+)( \\|)$`, 'm')
        if (process.env.ATTACKS_WRITE) return writeFileSync(PAGE, withTotal(page.replace(row, `$1${attempts}$3`)))
        const told = Number(row.exec(page)?.[2])
        assert.ok(told <= attempts, `the page says ${told}, and ${attempts} were made`)
        // routes come and go, and with them the attempts on each: a page that is a little behind is still right
        assert.ok(told >= attempts * 0.5, `the page says ${told} of ${attempts}: npm run attacks`)
      })
    },
  }
}

/** The numbers of the page's rows, in order. */
export const counts = (page: string) =>
  [...page.matchAll(/^\| API\d+ .*\| (\d+) \|$/gm)].map(([, text]) => Number(text))

export const totalOf = (page: string) => counts(page).reduce((sum, count) => sum + count, 0)

const withTotal = (page: string) => page.replace(/^\| all .*$/m, `| all | | | ${totalOf(page)} |`)

/** Sends exactly this to the server, and returns everything that it answers until it closes. */
export function say(url: string, words: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(words))
    socket.setEncoding('latin1')
    socket.on('data', (text) => {
      answer += text
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', (error) => (answer ? resolve(answer) : reject(error)))
    socket.setTimeout(20_000, () => socket.destroy(new Error('the server neither answered nor hung up')))
  })
}

/** Of the answers in a connection's text. */
export const statusesIn = (answer: string) =>
  [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, code]) => Number(code))
