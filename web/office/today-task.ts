/** One task of the day. */
export interface Task {
  readonly key: string
  readonly tone: 'red' | 'amber' | 'plain'
  readonly title: string
  readonly about: string
  readonly amount?: number
  readonly since: string
  readonly to: string
}
