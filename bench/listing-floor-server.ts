/** The floor of a page: the same JSON by one prepared statement behind `node:http`. Started by listing-floor.ts with the database server's URL. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { PAGES } from './listing-pages.ts'

const url = new URL(process.argv[2] ?? '')
url.pathname = '/veiculo_service'
const pool = new pg.Pool({ connectionString: url.href, max: 10 })

const statementOf = new Map(
  PAGES.map(({ name, where }, index) => [
    name,
    {
      name: `page ${index}`,
      text: `select vehicles.id, vehicles.brand, vehicles.model, vehicles.year, color, vehicles.price_cents, status, created_at, updated_at
        from (select offer.id, offer.price_cents from vehicle_offers as offer where ${where} order by offer.price_cents, offer.id limit 50) as page
        join vehicles on vehicles.id = page.id order by page.price_cents, page.id`,
    },
  ]),
)

const server = createServer(async (request, response) => {
  const statement = statementOf.get(decodeURIComponent(request.url?.slice(1) ?? ''))
  if (!statement) return response.writeHead(404).end()
  const { rows } = await pool.query(statement)
  const vehicles = rows.map(({ price_cents, created_at, updated_at, ...row }) => ({
    ...row,
    price: Number(price_cents) / 100,
    ...{ license_plate: '****1A23', chassi_number: '*************1234', renavam: '*******1234', plate_last_digit: 3 },
    ...{ is_reserved: false, is_sold: false, created_at, updated_at, sold_at: null, picked_up_at: null },
  }))
  const body = JSON.stringify({ vehicles, next_cursor: null, timestamp: new Date() })
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
})

server.listen(0, '127.0.0.1', () =>
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
)
process.once('message', async () => {
  server.closeAllConnections()
  server.close()
  await pool.end()
  process.disconnect()
})
