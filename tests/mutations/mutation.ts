/** One way to break the product: in its file `find` occurs once, and becomes `put`. */
export interface Mutation {
  readonly name: string
  readonly file: string
  readonly find: string
  readonly put: string
  /** Why no test can see it; then its survival is accepted. */
  readonly argued?: string
  /** A flow that sees it, where nothing smaller does. */
  readonly flow?: string
}

export const into = (file: string, ...ways: readonly [name: string, find: string, put: string][]): Mutation[] =>
  ways.map(([name, find, put]) => ({ name, file, find, put }))
