/** What a production start refuses: everything that is there for development alone. */
import { BadConfiguration, type Config } from './config.ts'

/** Throws BadConfiguration with a line for each reason why `service` must not start so in production. */
export function refuseUnsafe(config: Config, service: string): void {
  if (config.NODE_ENV !== 'production') return
  const faults: string[] = []
  if (!config.AUTH_ISSUER)
    faults.push('AUTH_ISSUER and AUTH_JWKS_URL are not set: the local issuer signs for anyone who reads DATA_DIR')
  if (!config.SERVICE_ACCOUNTS && !config.SERVICE_KEY_DIR)
    faults.push(
      'neither SERVICE_ACCOUNTS nor SERVICE_KEY_DIR is set: services could not prove themselves to each other',
    )
  if (service === 'pagamento-service' && config.PAYMENT_PROVIDER === 'simulated')
    faults.push('PAYMENT_PROVIDER=simulated: it takes no money')
  if (service === 'pagamento-service' && !config.PAYMENT_WEBHOOK_SECRETS)
    faults.push('PAYMENT_WEBHOOK_SECRETS is not set: the secret that is made up on the first start is for development')
  if (!config.KMS_KEY && !config.KEK_FILE)
    faults.push(
      'neither KMS_KEY nor KEK_FILE is set: the key that is made in DATA_DIR would lie beside what it protects',
    )
  if (config.WEBHOOK_ALLOW_LOOPBACK) faults.push('WEBHOOK_ALLOW_LOOPBACK=true: webhooks could reach this machine')
  if (faults.length === 0) return
  throw new BadConfiguration(
    `${service} does not start so in production:\n${faults.map((one) => `  ${one}`).join('\n')}`,
  )
}
