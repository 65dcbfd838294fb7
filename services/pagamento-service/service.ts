/** pagamento-service: payment codes, their payments, and the clock by which they expire. */
import type { ServiceDefinition, Stands } from '#messaging'
import { type Alarm, startAlarm } from '#platform/alarm'
import { paymentCommands } from './commands.ts'
import { expireCodes } from './expiry.ts'
import { paymentRoutes } from './http.ts'
import { newCode } from './new-code.ts'
import { simulatedProvider } from './simulated-provider.ts'

export const pagamentoService: ServiceDefinition = {
  name: 'pagamento-service',
  healthName: 'payment-service',
  description: 'Payment codes and payments.',
  databaseName: 'pagamento_service',
  port: (config) => config.PORT_PAGAMENTO,
  migrations: new URL('./migrations/', import.meta.url),
  wire,
}

function wire({ config, database, unitOfWork, clock, log }: Stands) {
  const provider = simulatedProvider
  const timeToLive = config.PAYMENT_CODE_TTL_SECONDS * 1_000
  let alarm: Alarm | undefined
  const onExpiry = (at: Date) => alarm?.expect(at)

  return {
    routes: paymentRoutes({ database, unitOfWork, clock, provider }),
    handlers: paymentCommands({ clock, provider, newCode, timeToLive, onExpiry }),
    start() {
      alarm = startAlarm(
        () => expireCodes(database, unitOfWork, clock),
        (err) => log.error({ err }, 'codes could not be expired'),
      )
      return alarm
    },
  }
}
