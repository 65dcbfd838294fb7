/** Reads our Terraform files without Terraform, and compares them with the provider's schema and with each other. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '@cdktf/hcl2json'
import type { Block, ProviderSchema } from './schema-provider.ts'

/** A folder of Terraform files, merged: a module. */
export interface Module {
  readonly path: string
  readonly resources: readonly Resource[]
  readonly variables: Readonly<Record<string, Record<string, unknown>>>
  readonly outputs: Readonly<Record<string, Record<string, unknown>>>
  readonly calls: Readonly<Record<string, Record<string, unknown>>>
  /** Everything as text, to look for references in. */
  readonly text: string
}

interface Resource {
  readonly address: string
  readonly kind: 'resource' | 'data'
  readonly type: string
  readonly body: Record<string, unknown>
}

/** Terraform's own, which no provider's schema has. */
const META = new Set(['count', 'for_each', 'depends_on', 'lifecycle', 'provider'])
const CALL_META = new Set([...META, 'source', 'version', 'providers'])

type Parsed = Record<string, Record<string, unknown>>

export function readModule(path: string): Promise<Module> {
  const texts = globSync('*.tf', { cwd: path }).map((file) => readFileSync(join(path, file), 'utf8'))
  return moduleOf(path, texts.join('\n'))
}

/** Throws what the parser says when the text is not HCL. */
export async function moduleOf(path: string, text: string): Promise<Module> {
  const parsed = (await parse('module.tf', text)) as Parsed
  const named = (kind: string) =>
    Object.fromEntries(Object.entries(parsed[kind] ?? {}).map(([name, bodies]) => [name, bodyOf(bodies)]))
  const resources = (['resource', 'data'] as const).flatMap((kind) =>
    Object.entries((parsed[kind] ?? {}) as Parsed).flatMap(([type, instances]) =>
      Object.entries(instances).map(([name, bodies]) => ({
        address: `${kind === 'data' ? 'data.' : ''}${type}.${name}`,
        kind,
        type,
        body: bodyOf(bodies),
      })),
    ),
  )
  return {
    path,
    resources,
    variables: named('variable'),
    outputs: named('output'),
    calls: named('module'),
    text: text.replace(/^\s*(#|\/\/).*$/gm, ''),
  }
}

const bodyOf = (bodies: unknown) => (Array.isArray(bodies) ? bodies[0] : bodies) as Record<string, unknown>

/** Arguments of a module's resources that the provider doesn't know, and required ones that are missing. */
export function faultsAgainst(schema: ProviderSchema, module: Module): string[] {
  return module.resources.flatMap(({ address, kind, type, body }) => {
    const known = (kind === 'data' ? schema.data_sources : schema.resources)[type]
    if (!known)
      return [`${address}: the provider's schema here has no ${type}; run node infrastructure/provider-schema.ts`]
    const own = Object.fromEntries(Object.entries(body).filter(([name]) => !META.has(name)))
    return blockFaults(known, own, address)
  })
}

function blockFaults(schema: Block, body: Record<string, unknown>, at: string): string[] {
  const given = withDynamic(body)
  const faults: string[] = []
  for (const [name, value] of Object.entries(given)) {
    const attribute = schema.attributes[name]
    const nested = schema.blocks[name]
    if (attribute) {
      if (!attribute.required && !attribute.optional) faults.push(`${at}.${name} can only be read`)
      else if (!fits(attribute.type, value)) faults.push(`${at}.${name} is not a ${JSON.stringify(attribute.type)}`)
    } else if (nested) {
      const bodies = Array.isArray(value) ? value : [value]
      if (nested.one && bodies.length > 1) faults.push(`${at}.${name} may be there once`)
      for (const inner of bodies) faults.push(...blockFaults(nested, inner as Record<string, unknown>, `${at}.${name}`))
    } else faults.push(`${at}.${name} is unknown`)
  }
  for (const [name, { required }] of [...Object.entries(schema.attributes), ...Object.entries(schema.blocks)])
    if (required && !(name in given)) faults.push(`${at}.${name} is missing`)
  return faults
}

/** `dynamic "env" { content { … } }` counts as an `env { … }`. */
function withDynamic({ dynamic, ...body }: Record<string, unknown>): Record<string, unknown> {
  const given: Record<string, unknown> = { ...body }
  for (const [name, blocks] of Object.entries((dynamic ?? {}) as Record<string, { content: unknown[] }[]>)) {
    const before = given[name]
    given[name] = [...(Array.isArray(before) ? before : []), ...blocks.flatMap(({ content }) => content)]
  }
  return given
}

/** Only literals can be judged; only Terraform knows the type of an expression. */
function fits(type: unknown, value: unknown): boolean {
  if (typeof value === 'string' && value.includes('${')) return true
  if (type === 'dynamic' || value === null) return true
  if (type === 'bool') return typeof value === 'boolean'
  if (type === 'number') return typeof value === 'number'
  if (type === 'string') return ['string', 'number', 'boolean'].includes(typeof value)
  const [collection] = type as [string]
  return collection === 'map' || collection === 'object'
    ? typeof value === 'object' && !Array.isArray(value)
    : Array.isArray(value)
}

/** Module calls with unknown or missing variables, and outputs and variables that are undeclared or unused. */
export function faultsBetween(root: Module, modules: Readonly<Record<string, Module>>): string[] {
  const faults: string[] = []
  for (const [name, call] of Object.entries(root.calls)) {
    const called = modules[String(call.source)]
    if (!called) {
      faults.push(`module.${name}: there is no ${call.source}`)
      continue
    }
    const given = Object.keys(call).filter((argument) => !CALL_META.has(argument))
    for (const argument of given)
      if (!called.variables[argument]) faults.push(`module.${name} has no variable ${argument}`)
    for (const [variable, { default: standard }] of Object.entries(called.variables))
      if (standard === undefined && !given.includes(variable)) faults.push(`module.${name} is not given ${variable}`)
  }
  for (const [, name = '', output = ''] of root.text.matchAll(/\bmodule\.(\w+)(?:\[[^\]]*\])?\.(\w+)/g)) {
    const called = modules[String(root.calls[name]?.source)]
    if (!called) faults.push(`there is no module.${name}`)
    else if (!called.outputs[output]) faults.push(`module.${name} has no output ${output}`)
  }
  for (const module of [root, ...Object.values(modules)]) faults.push(...faultsWithin(module))
  return faults
}

function faultsWithin({ path, variables, outputs, resources, text }: Module): string[] {
  const faults: string[] = []
  const used = new Set([...text.matchAll(/\bvar\.(\w+)/g)].map(([, name = '']) => name))
  for (const name of used) if (!variables[name]) faults.push(`${path}: var.${name} is not declared`)
  for (const [name, { description }] of Object.entries(variables)) {
    if (!description) faults.push(`${path}: variable ${name} has no description`)
    const uses = [...text.matchAll(new RegExp(`\\bvar\\.${name}\\b`, 'g'))].length
    if (uses === 0) faults.push(`${path}: variable ${name} is not used`)
  }
  for (const [name, { description }] of Object.entries(outputs))
    if (!description) faults.push(`${path}: output ${name} has no description`)
  const declared = new Set(resources.map(({ address }) => address))
  for (const [, address = ''] of text.matchAll(/(?<![\w."/])((?:data\.)?google_\w+\.\w+)/g))
    if (!declared.has(address)) faults.push(`${path}: ${address} is not declared`)
  return faults
}
