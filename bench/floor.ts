/** The floor to compare with: durable single-row commits on the same server with the same driver. */
import pg from 'pg'

export interface Floor {
  readonly commits_per_s: number
  /** Commits one after the other, on one connection. */
  readonly single_commit_ms: number
}

const MEASURE_MS = 3_000

export async function measureFloor(databaseUrl: string): Promise<Floor> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 32 })
  try {
    await pool.query('drop table if exists floor')
    await pool.query('create table floor (id bigint generated always as identity primary key, payload text not null)')
    await commitFor(pool, 32, 500)
    const together = await commitFor(pool, 32, MEASURE_MS)
    const alone = await commitFor(pool, 1, MEASURE_MS)
    return { commits_per_s: together, single_commit_ms: 1_000 / alone }
  } finally {
    await pool.end()
  }
}

/** Commits per second with `inFlight` of them at a time. */
async function commitFor(pool: pg.Pool, inFlight: number, milliseconds: number): Promise<number> {
  const begun = performance.now()
  let commits = 0
  async function keepCommitting() {
    const client = await pool.connect()
    while (performance.now() - begun < milliseconds) {
      await client.query({ name: 'floor', text: 'insert into floor (payload) values ($1)', values: ['x'.repeat(100)] })
      commits += 1
    }
    client.release()
  }
  await Promise.all(Array.from({ length: inFlight }, keepCommitting))
  return (commits * 1_000) / (performance.now() - begun)
}
