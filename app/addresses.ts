/** Where each service is found over HTTP when it runs in another process: by configuration, else on `host`. */
import type { Config } from '#platform/config'

export function addresses(config: Config, host = '127.0.0.1'): (service: string) => string {
  const local = (port: number) => `http://${host}:${port}`
  const known: Readonly<Record<string, string>> = {
    'cliente-service': config.CLIENTE_URL ?? local(config.PORT_CLIENTE),
    'veiculo-service': config.VEICULO_URL ?? local(config.PORT_VEICULO),
    'pagamento-service': config.PAGAMENTO_URL ?? local(config.PORT_PAGAMENTO),
    orquestrador: config.ORQUESTRADOR_URL ?? local(config.PORT_ORQUESTRADOR),
  }
  return (service) => {
    const address = known[service]
    if (!address) throw new Error(`nobody knows where ${service} is`)
    return address
  }
}
