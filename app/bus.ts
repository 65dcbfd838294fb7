/** The bus that the configuration names. */
import type { Logger } from 'pino'
import { type Bus, embeddedBus, openPubsub } from '#messaging'
import { BadConfiguration, type Config } from '#platform/config'

/** The emulator knows no projects; any name does. */
const EMULATED_PROJECT = 'mercado-veiculo'

/** With Pub/Sub it waits until that can be reached. `services`: those of this process; absent: all. */
export async function openBus(config: Config, log: Logger, services?: readonly string[]): Promise<Bus> {
  if (config.BUS === 'embedded') return embeddedBus()
  const { PUBSUB_EMULATOR_HOST: emulatorHost, PROJECT_ID: projectId = emulatorHost && EMULATED_PROJECT } = config
  if (!projectId) throw new BadConfiguration('BUS=pubsub needs PROJECT_ID, or PUBSUB_EMULATOR_HOST for the emulator')
  return await openPubsub({
    projectId,
    ...(emulatorHost && { emulatorHost }),
    create: config.PUBSUB_CREATE || emulatorHost !== undefined,
    ...(services && { services }),
    onFault: (err, what) => log.warn({ err }, what),
  })
}
