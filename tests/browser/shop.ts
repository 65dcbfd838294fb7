/** The whole system with its pages, and real browsers before it: Debian's Chromium, driven by playwright-core. */
import { existsSync, mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { ServerBuild } from 'react-router'
import { readConfig } from '#platform/config'
import { buildIfChanged, ROOT } from '../../web/build.ts'
import { readFiles } from '../../web/files.ts'
import { startWeb } from '../../web/server.ts'
import { settingsFrom } from '../../web/settings-from-config.ts'
import { startSystem } from '../fixtures/system.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

/** Without a browser these tests are skipped and say so; CI must have one. */
export const skip = CHROMIUM || process.env.CI ? false : 'no Chromium on this machine: apt-get install chromium'

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const SCREENS = `${ROOT}.screens/`

export type Shop = Awaited<ReturnType<typeof openShop>>

/** Closed when the file's tests are over. */
export async function openShop(environment: Record<string, string> = {}) {
  if (!CHROMIUM) throw new Error('CI needs Chromium: apt-get install chromium')
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const api = await startSystem({ PUBLIC_ORIGIN: origin, ...environment })
  await buildIfChanged(() => {})
  const build = (await import(pathToFileURL(`${ROOT}web/build/server/index.js`).href)) as ServerBuild
  const settings = settingsFrom(readConfig({ PUBLIC_ORIGIN: origin, ...environment }))
  const web = await startWeb({
    settings: { ...settings, addressOf: (service) => api.system.addressOf(service) },
    pages: { load: async () => build, files: readFiles(`${ROOT}web/build/client`) },
    host: 'localhost',
    port,
    version: 'test',
  })
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  after(async () => {
    await browser.close()
    web.closeAllConnections()
    await new Promise((resolve) => web.close(resolve))
  })
  return { api, origin, web, open: opener(browser, origin) }
}

interface Tab {
  readonly page: Page
  /** The browser's complaints: things that the policy blocked, that were thrown, or that did not load. */
  readonly complaints: string[]
  /** Keeps a picture under .screens/ if TEST_SCREENS is set. */
  shoot(name: string): Promise<void>
}

const DESKTOP = { width: 1440, height: 900 }
/** What moves would be painted sixty times a second, by the processors that the tests need. */
const USUAL = { viewport: DESKTOP, locale: 'pt-BR', reducedMotion: 'reduce' } as const
export const TABLET = { width: 820, height: 1180 }
export const PHONE = { width: 390, height: 844 }

function opener(browser: Browser, origin: string) {
  return async (t: TestContext, options: BrowserContextOptions = {}): Promise<Tab> => {
    const context = await browser.newContext({ ...USUAL, baseURL: origin, ...options })
    t.after(() => context.close())
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    return {
      page,
      complaints,
      async shoot(name) {
        if (!process.env.TEST_SCREENS) return
        mkdirSync(SCREENS, { recursive: true })
        await page.screenshot({ path: `${SCREENS}${name}.png`, fullPage: true })
      },
    }
  }
}

async function freePort(): Promise<number> {
  const server: Server = createServer().listen(0, 'localhost')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
