/** The provider that the configuration chooses. */
import { readFileSync } from 'node:fs'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { BadConfiguration, type Config } from '#platform/config'
import type { GiveBack, Provider, RemoteCharges } from '../domain/provider.ts'
import { pixCharges, pixGiveBack } from './pix/charges.ts'
import { pixConnection } from './pix/connection.ts'
import { pixProvider } from './pix/provider.ts'
import { simulatedGiveBack, simulatedProvider } from './simulated-provider.ts'

export interface OpenProvider extends AsyncDisposable {
  readonly provider: Provider
  /** Absent when no provider is asked over the network. */
  readonly charges?: RemoteCharges
  readonly giveBack: GiveBack
}

/** Throws BadConfiguration when it names files that can't be read. */
export function openProvider(config: Config): OpenProvider {
  if (config.PAYMENT_PROVIDER === 'simulated') {
    return { provider: simulatedProvider, giveBack: simulatedGiveBack, async [Symbol.asyncDispose]() {} }
  }
  checkCertificates(config)
  const connection = pixConnection({
    baseUrl: needed(config, 'PIX_BASE_URL'),
    tokenUrl: needed(config, 'PIX_TOKEN_URL'),
    clientId: needed(config, 'PIX_CLIENT_ID'),
    clientSecret: needed(config, 'PIX_CLIENT_SECRET'),
    certificate: fileOf(config, 'PIX_CERTIFICATE_FILE'),
    key: fileOf(config, 'PIX_KEY_FILE'),
    ca: config.PIX_CA_FILE && fileOf(config, 'PIX_CA_FILE'),
  })
  const options = { pixKey: needed(config, 'PIX_KEY'), lifetimeSeconds: config.PAYMENT_CODE_TTL_SECONDS }
  return {
    provider: pixProvider,
    charges: pixCharges(connection, options),
    giveBack: pixGiveBack(connection),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  }
}

/** The provider's name for people. */
export const providerNameOf = (config: Config): string =>
  config.PAYMENT_PROVIDER === 'pix' ? new URL(needed(config, 'PIX_BASE_URL')).host : config.PAYMENT_PROVIDER

type PixVariable = Extract<keyof Config, `PIX_${string}`>

/** Never absent here: the start refuses a configuration without it. */
function needed(config: Config, name: PixVariable): string {
  const value = config[name]
  if (!value) throw new BadConfiguration(`${name} is not set: PAYMENT_PROVIDER=pix needs it`)
  return value
}

/** Checked at the start: a damaged file would otherwise show only at the first purchase. */
function checkCertificates(config: Config): void {
  const check = (name: PixVariable, options: SecureContextOptions) => {
    try {
      createSecureContext(options)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new BadConfiguration(`${name}=${config[name]} is damaged or another file (PEM expected): ${why}`)
    }
  }
  const [cert, key] = [fileOf(config, 'PIX_CERTIFICATE_FILE'), fileOf(config, 'PIX_KEY_FILE')]
  check('PIX_CERTIFICATE_FILE', { cert })
  check('PIX_KEY_FILE', { key })
  check('PIX_KEY_FILE', { cert, key }) // the key belongs to another certificate
  if (config.PIX_CA_FILE) check('PIX_CA_FILE', { ca: fileOf(config, 'PIX_CA_FILE') })
}

function fileOf(config: Config, name: PixVariable): string {
  const path = needed(config, name)
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? error.code : 'unknown'
    throw new BadConfiguration(`${name}=${path} can't be read: ${why}`)
  }
}
