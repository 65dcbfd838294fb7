/**
 * The bus on Google Cloud Pub/Sub, for services that run as processes of their own, many replicas of each. Its guarantees
 * are those of bus.ts. `publish` resolves when Pub/Sub has acknowledged the message; a message is acknowledged to Pub/Sub when its
 * handler has committed.
 */
import type { PubSub, SubscriptionOptions } from '@google-cloud/pubsub'
import type { Message } from '#contracts'
import type { Bus } from '../bus.ts'
import { deliveryQueue } from '../queue.ts'
import { encode } from './message.ts'
import { publishing } from './publishing.ts'
import { check, create, isNotFound, onceReachable } from './setup.ts'
import { HELD_AT_MOST, pullFrom } from './subscription.ts'
import { type SubscriptionPlan, subscriptionPlan, type Topology, topology } from './topology.ts'

export interface PubsubOptions {
  readonly projectId: string
  /** `host:port` of Google's emulator; absent: the real service, with the credentials of the environment. */
  readonly emulatorHost?: string
  /** Whether to make topics and subscriptions that are missing, instead of refusing to start. */
  readonly create: boolean
  /** The services whose subscriptions must be as planned; absent: all. */
  readonly services?: readonly string[]
  readonly onFault: (error: unknown, what: string) => void
}

/** A message that is not published by then stays in the outbox, whose sweep tries again. */
const PUBLISH_PATIENCE_MS = 10_000
/** gRPC itself would wait for up to two minutes. */
const LONGEST_RECONNECT_MS = 2_000

/** Waits for as long as Pub/Sub cannot be reached; throws UnfitTopology when something is not as needed. */
export async function openPubsub(options: PubsubOptions): Promise<Bus> {
  const { PubSub, v1, Duration } = await import('@google-cloud/pubsub') // loading it takes 300 ms, which the embedded bus does not pay
  const client = new PubSub(clientOptions(options))
  const plan = topologyFor(options)
  await onceReachable(
    () => (options.create ? create(client, plan) : check(client, plan)),
    (error) => options.onFault(error, 'Pub/Sub cannot be reached yet'),
  )
  const { port, ...config } = await client.getClientConfig()
  const publisher = new v1.PublisherClient({ ...config, ...(port && { port: Number(port) }) })
  const streaming: SubscriptionOptions = {
    flowControl: { maxMessages: HELD_AT_MOST, allowExcessMessages: false },
    batching: { maxMilliseconds: 10 },
    streamingOptions: { maxStreams: 1, retryMaxBackoff: Duration.from({ milliseconds: LONGEST_RECONNECT_MS }) },
    closeOptions: { timeout: Duration.from({ seconds: 3 }) },
  }
  return pubsubBus({ client, options, plan, streaming, send, close: () => publisher.close() })

  async function send(topic: string, messages: readonly Message[]) {
    await publisher.publish({ topic: client.topic(topic).name, messages: messages.map(encode) }, PUBLISHING)
  }
}

const PUBLISHING = {
  retry: {
    backoffSettings: {
      initialRetryDelayMillis: 100,
      retryDelayMultiplier: 1.5,
      maxRetryDelayMillis: 1_000,
      initialRpcTimeoutMillis: 5_000,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: 5_000,
      totalTimeoutMillis: PUBLISH_PATIENCE_MS,
    },
  },
}

/** The emulator takes anybody; without these, the library would look for credentials in the cloud. */
const clientOptions = ({ projectId, emulatorHost }: PubsubOptions) => ({
  projectId,
  'grpc.max_reconnect_backoff_ms': LONGEST_RECONNECT_MS,
  ...(emulatorHost && {
    apiEndpoint: emulatorHost,
    emulatorMode: true,
    credentials: { client_email: 'nobody', private_key: 'none' },
  }),
})

function topologyFor({ services, create: makes }: PubsubOptions): Topology {
  const { topics, subscriptions } = topology()
  const mine = ({ service }: SubscriptionPlan) => makes || !services || services.includes(service)
  return { topics, subscriptions: subscriptions.filter(mine) }
}

interface Connection {
  readonly client: PubSub
  readonly options: PubsubOptions
  readonly plan: Topology
  readonly streaming: SubscriptionOptions
  readonly send: (topic: string, messages: readonly Message[]) => Promise<void>
  readonly close: () => Promise<void>
}

function pubsubBus({ client, options, plan, streaming, send, close }: Connection): Bus {
  const outgoing = publishing(send, async (error) => {
    if (!options.create || !isNotFound(error)) throw error
    await restore() // an emulator that was started anew has forgotten everything
  })
  const pulls: ReturnType<typeof pullFrom>[] = []
  /** Subscriptions outside the contracts, whose topics may be outside them too. */
  const own: SubscriptionPlan[] = []
  const opening = new Set<Promise<void>>()
  let restoring: Promise<void> | undefined

  function restore() {
    const { topics, subscriptions } = plan
    const all = { topics: [...topics, ...own.map(({ topic }) => topic)], subscriptions: [...subscriptions, ...own] }
    restoring ??= create(client, all).finally(() => {
      restoring = undefined
    })
    return restoring
  }

  async function setUp(wanted: SubscriptionPlan, open: () => void) {
    if (options.create && !plan.subscriptions.some(({ name }) => name === wanted.name)) {
      const { dead_letter: _unheard, ...stranger } = wanted // a subscription outside the contracts has nobody who reads its dead letters
      own.push(stranger)
      await create(client, { topics: [wanted.topic], subscriptions: [stranger] })
    }
    open()
  }

  const stopTaking = async () => {
    await Promise.all(pulls.map((pull) => pull.stop()))
  }

  return {
    async publish(message) {
      if (opening.size > 0) await Promise.all(opening)
      await outgoing.publish(message)
    },
    subscribe(topic, name, handle, subscribed = {}) {
      const pull = pullFrom({
        client,
        topic,
        name,
        queue: deliveryQueue(handle, subscribed),
        options: streaming,
        onFault: (error) => options.onFault(error, `subscription ${name}`),
        beforeReopening: async () => (options.create ? restore() : undefined),
      })
      pulls.push(pull)
      const set = setUp(subscriptionPlan(name, topic), pull.open).finally(() => opening.delete(set))
      set.catch((error) => options.onFault(error, `subscription ${name}`))
      opening.add(set)
    },
    async opened() {
      await Promise.all(opening)
    },
    stopTaking,
    async [Symbol.asyncDispose]() {
      await stopTaking()
      await outgoing.idle()
      await close()
      await client.close()
    },
  }
}
