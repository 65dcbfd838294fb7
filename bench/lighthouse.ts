/**
 * Runs Google's Lighthouse, as on a phone, on the home page, the list and a vehicle of a shop with 5,000 vehicles on sale.
 * Ends with 1 when a score is below its bar. `npx` fetches it when this runs, so that it is no dependency of ours: it
 * brings 115 packages, one of which (parse-cache-control) names no licence. Needs Chromium.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { openShop } from './shop.ts'

const LIGHTHOUSE = 'lighthouse@12.2.3'
const VEHICLES = 5_000
const BAR = 95
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const
const ANSWER_BYTES = 64 * 1_024 * 1_024

const CHROME_PATH =
  process.env.CHROME_PATH ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
if (!CHROME_PATH) throw new Error('no Chromium on this machine: apt-get install chromium, or say CHROME_PATH')

interface Report {
  readonly categories: Readonly<Record<string, { readonly score: number | null }>>
  readonly audits: Readonly<
    Record<string, { readonly score: number | null; readonly title: string; readonly displayValue?: string }>
  >
}

await using shop = await openShop(VEHICLES)
for (const path of ['/', '/carros', `/carros/${shop.vehicleIds[0]}`]) {
  const report = await measure(shop.origin + path)
  const scores = CATEGORIES.map((name) => [name, Math.round((report.categories[name]?.score ?? 0) * 100)] as const)
  console.log(
    `${path.padEnd(12)} ${scores.map(([name, score]) => `${name} ${score}`).join('   ')}   (each at least ${BAR})`,
  )
  const low = scores.filter(([, score]) => score < BAR)
  if (low.length === 0) continue
  process.exitCode = 1
  for (const { score, title, displayValue = '' } of Object.values(report.audits))
    if (score !== null && score < 0.9) console.log(`  ${score.toFixed(2)}  ${title}  ${displayValue}`)
}

async function measure(url: string): Promise<Report> {
  const flags = ['--output=json', '--quiet', '--no-enable-error-reporting', '--chrome-flags=--headless --no-sandbox']
  const { stdout } = await promisify(execFile)('npx', ['--yes', LIGHTHOUSE, url, ...flags], {
    env: { ...process.env, CHROME_PATH },
    maxBuffer: ANSWER_BYTES,
  })
  return JSON.parse(stdout) as Report
}
