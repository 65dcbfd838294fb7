/** The port of a process's figures, where PORT_METRICS names one. */
import type { Config } from '#platform/config'
import { type Figures, openFigures } from '#platform/http/figures'

export async function figuresOf(
  { PORT_METRICS, HOST_METRICS }: Config,
  running: AsyncDisposableStack,
): Promise<Figures | undefined> {
  return PORT_METRICS === undefined ? undefined : running.use(await openFigures(PORT_METRICS, HOST_METRICS))
}
