/** Where the files of photos lie: written once under a name that tells their content, read for ever, removed when nobody names them. */

export interface PhotoStorage {
  /** Writes the file whole or not at all; the same name again changes nothing. */
  put(name: string, bytes: Uint8Array, type: string): Promise<void>
  get(name: string): Promise<Uint8Array | undefined>
  /** Removing a file that is not there succeeds. */
  remove(name: string): Promise<void>
  /** The names of those written before then. */
  list(before: Date): AsyncIterable<string>
}
