/**
 * What every message on the bus has in common. A message type is declared once, as a contract: its topic, the version
 * of its body, who listens, and the schema of the body. Nothing else couples the services.
 */
import type { Static, TSchema } from 'typebox'

export interface MessageContract<Body extends TSchema = TSchema> {
  /** `commands.*` is addressed to the one service that owns the record, `events.*` to every service that subscribes. */
  readonly topic: string
  /** Raise it when a consumer of the version before could misread the body. A consumer parks a version newer than it knows. */
  readonly version: number
  /** `<service>-<what>-sub`; each subscription gets every message of the topic at least once. */
  readonly subscriptions: readonly string[]
  readonly body: Body
}

export type BodyOf<Contract> = Contract extends MessageContract<infer Body> ? Static<Body> : never

/** A message as it travels: its body is the JSON of its contract, all the rest are attributes. */
export interface Message<Body = unknown> {
  readonly message_id: string
  /** The contract's topic. */
  readonly type: string
  readonly schema_version: number
  readonly transaction_id: string
  /** ISO 8601, UTC. */
  readonly occurred_at: string
  /** W3C trace context of the work that sent it. */
  readonly traceparent?: string
  readonly body: Body
}

export const messageContract = <Body extends TSchema>(
  topic: string,
  subscriptions: readonly string[],
  body: Body,
  version = 1,
): MessageContract<Body> => ({ topic, version, subscriptions, body })
