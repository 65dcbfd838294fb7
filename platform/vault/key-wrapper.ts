/** The port behind which the key-encryption key lies: it wraps data keys, and alone can unwrap them. */
import { CannotStart } from '../cannot-start.ts'

export interface KeyWrapper {
  /** For messages: where the key lies. */
  readonly name: string
  /** `context` binds the wrapped key to its service and purpose: it must be the same when it is unwrapped. */
  wrap(key: Buffer, context: string): Promise<string>
  /** Rejects with WrongKey when it was wrapped by another key, or under another context. */
  unwrap(wrapped: string, context: string): Promise<Buffer>
}

/** The key-encryption key is missing, or is not the one: what is sealed stays sealed until the right one is back. */
export class WrongKey extends CannotStart {}
