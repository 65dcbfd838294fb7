/** docker-compose.yml as data, for tests that compare it with something. */
import { readFileSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { parse } from 'yaml'

const Service = Type.Object({
  image: Type.String(),
  command: Type.Optional(Type.Array(Type.String())),
  environment: Type.Optional(Type.Record(Type.String(), Type.String())),
  ports: Type.Optional(Type.Array(Type.String())),
  volumes: Type.Optional(Type.Array(Type.String())),
  depends_on: Type.Optional(Type.Record(Type.String(), Type.Object({ condition: Type.String() }))),
  healthcheck: Type.Optional(Type.Object({ test: Type.Array(Type.String()) })),
  read_only: Type.Optional(Type.Boolean()),
  cap_drop: Type.Optional(Type.Array(Type.String())),
  security_opt: Type.Optional(Type.Array(Type.String())),
})
const Compose = Type.Object({ services: Type.Record(Type.String(), Service) })

export const FILE = new URL('../../docker-compose.yml', import.meta.url)

/** Whole, with its anchors resolved. */
export const composeFile: unknown = parse(readFileSync(FILE, 'utf8'), { merge: true })

export const { services } = Value.Parse(Compose, composeFile)

/** Those of our own image, by name. */
export const ours = Object.entries(services).filter(([, { image }]) => image.startsWith('mercado-veiculo:'))

export function serviceNamed(name: string): Static<typeof Service> {
  const service = services[name]
  if (!service) throw new Error(`docker-compose.yml has no ${name}`)
  return service
}

/** What `${NAME:-standard}` becomes. */
export const filledIn = (text: string, variables: Readonly<Record<string, string>> = {}): string =>
  text.replace(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, standard: string) => variables[name] || standard)
