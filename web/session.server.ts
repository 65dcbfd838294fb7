/** The only file that knows cookies and tokens. A browser holds a cookie that it cannot read; a token never leaves here. */
import type { Asked } from './visit.server.ts'

interface Person {
  readonly name: string
  readonly customerId: number
}

/** Who is signed in, for the head of the page. */
export async function personOf(_asked: Asked): Promise<Person | undefined> {
  return undefined
}
