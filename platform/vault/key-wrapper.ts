/** The port to the key-encryption key, which wraps data keys and alone can unwrap them. */
import { CannotStart } from '../cannot-start.ts'

export interface KeyWrapper {
  /** For messages: where the key lies. */
  readonly name: string
  /** `context` binds the wrapped key to its service and purpose; unwrapping needs the same context. */
  wrap(key: Buffer, context: string): Promise<string>
  /** Rejects with WrongKey when another key wrapped it, or another context was given. */
  unwrap(wrapped: string, context: string): Promise<Buffer>
}

/** The key-encryption key is missing, or is the wrong one. Sealed values stay sealed until the right one is back. */
export class WrongKey extends CannotStart {}
