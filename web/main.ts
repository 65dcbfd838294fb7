/** `npm run web`, or `node web/main.ts`: the pages in a process of their own, so that rendering never stands in the sagas' way. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import type { ServerBuild } from 'react-router'
import { BadConfiguration, readConfig } from '#platform/config'
import { buildIfChanged, ROOT } from './build.ts'
import { readFiles } from './files.ts'
import type { Pages } from './server.ts'
import { settingsFrom } from './settings-from-config.ts'

const say = (line: string) => console.log(`web: ${line}`)

try {
  const config = readConfig(process.env)
  const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { version: string }
  const pages = config.WEB_RELOAD ? await edited() : await built()
  const { startWeb } = await import('./server.ts')
  const { HOST: host, PORT_WEB: port } = config
  const server = await startWeb({ settings: settingsFrom(config), pages, host, port, version })
  process.send?.('listening')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(server))
  process.once('disconnect', () => stop(server)) // whoever started it is gone
} catch (error) {
  console.error(error instanceof BadConfiguration ? error.message : error)
  process.exitCode = 1
  process.disconnect?.()
}

function stop(server: Server) {
  server.close(() => process.exit())
  server.closeIdleConnections()
  setTimeout(() => server.closeAllConnections(), 3_000).unref() // an event stream would go on for ever
}

async function built(): Promise<Pages> {
  await buildIfChanged(say)
  process.env.NODE_ENV = 'production' // React asks when it is loaded, and renders several times as fast
  const build = (await import(pathToFileURL(`${ROOT}web/build/server/index.js`).href)) as ServerBuild
  return { load: async () => build, files: readFiles(`${ROOT}web/build/client`) }
}

/** Pages that change while somebody edits them. The tools for this are not installed in production. */
async function edited(): Promise<Pages> {
  const { createServer } = await import('vite')
  // Vite's own socket has one port for all: two systems on one machine would fight for it
  const sockets = createHttpServer().listen(0, 'localhost')
  await once(sockets, 'listening')
  const { port: clientPort } = sockets.address() as AddressInfo
  const vite = await createServer({
    root: `${ROOT}web`,
    server: { middlewareMode: true, ws: { server: sockets, clientPort } },
    logLevel: 'warn',
  })
  return {
    load: () => vite.ssrLoadModule('virtual:react-router/server-build') as Promise<ServerBuild>,
    files: new Map(),
    before: vite.middlewares,
  }
}
