/**
 * Writes terraform/provider-schema.json, the arguments, nested blocks and attributes of every
 * resource type that our Terraform uses, read from the npm package that HashiCorp generated from the provider's own schema.
 * The package unpacks to 300 MB, so it is fetched into a temporary folder for this and thrown away.
 */
import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The last one published: it holds hashicorp/google 6.50.0, the version that terraform/versions.tf asks for. */
const PACKAGE = '@cdktf/provider-google@16.12.1'
const OUTPUT = new URL('./terraform/provider-schema.json', import.meta.url)
/** Only for these optional attributes is it known that the provider fills them in; the package does not say. */
const FILLED_IN: ReadonlySet<string> = new Set(['id', 'project', 'region', 'zone'])
const TERRAFORM = new URL('./terraform/', import.meta.url).pathname

/** As Terraform writes types: `"string"`, `["list", "string"]`, `["list", ["object", { … }]]`. */
type Type = string | readonly [string, Type] | readonly ['object', Readonly<Record<string, Type>>]
interface Attribute {
  readonly type: Type
  readonly required?: true
  readonly computed?: true
  /** Absent together with `required`: an attribute to read, never to set. */
  readonly optional?: true
  readonly write_only?: true
}
interface Nested extends Block {
  readonly nesting: 'list' | 'set' | 'single'
  readonly required?: true
  /** At most one. */
  readonly one?: true
}
interface Block {
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly blocks: Readonly<Record<string, Nested>>
}

const folder = mkdtempSync(join(tmpdir(), 'provider-schema-'))
try {
  execFileSync('npm', ['pack', PACKAGE, '--silent'], { cwd: folder })
  execFileSync('sh', ['-c', 'tar xzf *.tgz'], { cwd: folder })
  const library = join(folder, 'package/lib')
  const [, provider] = /provider version ([\d.]+)/.exec(readFileSync(join(folder, 'package/README.md'), 'utf8')) ?? []
  const schema = {
    note: 'Made by `node infrastructure/provider-schema.ts`; do not edit.',
    package: PACKAGE,
    provider: `hashicorp/google ${provider}`,
    configuration: schemasOf(library, ['provider'], '').provider,
    resources: schemasOf(library, used('resource'), ''),
    data_sources: schemasOf(library, used('data'), 'data-'),
  }
  writeFileSync(OUTPUT, JSON.stringify(schema))
  execFileSync('node_modules/.bin/biome', ['format', '--write', OUTPUT.pathname], {
    cwd: new URL('../', import.meta.url).pathname,
    stdio: 'inherit',
  })
} finally {
  rmSync(folder, { recursive: true })
}

function used(kind: 'resource' | 'data'): string[] {
  const texts = globSync('**/*.tf', { cwd: TERRAFORM }).map((file) => readFileSync(join(TERRAFORM, file), 'utf8'))
  const names = texts.flatMap((text) => [...text.matchAll(new RegExp(`^${kind} "(google_\\w+)"`, 'gm'))])
  return [...new Set(names.map(([, name]) => name ?? ''))].sort()
}

function schemasOf(library: string, names: readonly string[], prefix: string): Record<string, Block> {
  return Object.fromEntries(
    names.map((name) => {
      const path = `${prefix}${name.replaceAll('_', '-')}`.replace(prefix ? '' : 'google-', '')
      const file = join(library, path, 'index')
      return [name, schemaOf(readFileSync(`${file}.js`, 'utf8'), readFileSync(`${file}.d.ts`, 'utf8'))]
    }),
  )
}

/** A resource's generated code, taken apart. */
interface Source {
  readonly code: string
  readonly interfaces: ReadonlyMap<string, ReadonlyMap<string, { readonly optional: boolean; readonly type: string }>>
  readonly classes: ReadonlyMap<string, string>
  readonly root: string
}

/** The generated classes are regular enough to be read line by line; an unreadable one throws. */
function schemaOf(code: string, declarations: string): Block {
  const interfaces = new Map(
    [...declarations.matchAll(/^export interface (\w+)[^{]*\{\n(.*?)^\}/gms)].map(([, name = '', body = '']) => [
      name,
      new Map(
        [...body.matchAll(/^ {4}readonly (\w+)(\??): (.*);$/gm)].map(([, field = '', optional, type = '']) => [
          field,
          { optional: optional === '?', type },
        ]),
      ),
    ]),
  )
  const classes = new Map(
    [...code.matchAll(/^class (\w+) extends [^{]*\{\n(.*?)^\}/gms)].map(([, name = '', body = '']) => [name, body]),
  )
  const root = [...interfaces.keys()].find((name) => /Config$/.test(name) && classes.has(name.replace(/Config$/, '')))
  if (!root) throw new Error('no resource class')
  const resource = classes.get(root.replace(/Config$/, '')) ?? ''
  const synthesis = /synthesizeHclAttributes\(\) \{\n(.*?)^ {4}\}/ms.exec(resource)?.[1] ?? ''
  return blockOf({ code, interfaces, classes, root }, root, synthesis, root.replace(/Config$/, ''))
}

function blockOf(source: Source, type: string, synthesis: string, className: string): Block {
  const fields = source.interfaces.get(type)
  const body = source.classes.get(className) ?? ''
  if (!fields) throw new Error(`no interface ${type}`)
  const attributes: Record<string, Attribute> = {}
  const blocks: Record<string, Nested> = {}
  const entries = [
    ...synthesis.matchAll(
      /^ +"?(\w+)"?: \{\n\s+value: .*?(?:this\._|struct\.)(\w+).*\n\s+isBlock: (\w+),\n\s+type: "(\w+)",\n\s+storageClassType: "(\w+)"/gm,
    ),
  ]
  if (entries.length !== synthesis.split('isBlock:').length - 1) throw new Error(`cannot read all of ${type}`)
  for (const [, name = '', field = '', isBlock, nesting = '', storage = ''] of entries) {
    const declared = fields.get(field)?.type ?? fields.get(field.replace(/^_/, ''))?.type ?? ''
    const optional = fields.get(field)?.optional ?? true
    if (isBlock === 'true') {
      const nested = storage.replace(/List$/, '')
      const inner = source.interfaces.has(nested) ? nested : storage
      blocks[name] = {
        nesting: nesting === 'struct' ? 'single' : setOrList(nesting),
        ...(!optional && { required: true as const }),
        ...(!declared.includes('[]') && { one: true as const }),
        ...blockOf(source, inner, nestedSynthesis(source, inner), outputReference(inner)),
      }
    } else {
      const computed = new RegExp(`// ${name} - computed: true`).test(body)
      attributes[name] = {
        type: typeOf(source, nesting, storage),
        ...(optional ? { optional: true as const } : { required: true as const }),
        ...((computed || (FILLED_IN.has(name) && optional && type === source.root)) && { computed: true as const }),
        ...(/_wo$/.test(name) && { write_only: true as const }),
      }
    }
  }
  for (const [, name = '', getter = ''] of body.matchAll(
    /\/\/ (\w+) - computed: true, optional: false, required: false\n(?=((?: {4}.*\n){1,3}))/g,
  )) {
    if (!blocks[name]) attributes[name] ??= { type: readType(source, name, getter, body), computed: true }
  }
  return { attributes, blocks }
}

function nestedSynthesis(source: Source, type: string): string {
  const name = `${type.charAt(0).toLowerCase()}${type.slice(1)}ToHclTerraform`
  return new RegExp(`^function ${name}\\(struct\\) \\{\\n(.*?)^\\}`, 'ms').exec(source.code)?.[1] ?? ''
}

function outputReference(type: string) {
  return `${type}OutputReference`
}

function setOrList(nesting: string) {
  return nesting === 'set' ? 'set' : 'list'
}

function typeOf(source: Source, nesting: string, storage: string): Type {
  const simple = { string: 'string', number: 'number', boolean: 'bool', any: 'dynamic' }[storage]
  if (simple) return simple
  const [, element = '', collection = ''] = /^(string|number|boolean)(List|Map)$/.exec(storage) ?? []
  if (element) {
    const of = element === 'boolean' ? 'bool' : element
    return [collection === 'Map' ? 'map' : setOrList(nesting), of]
  }
  const inner = storage.replace(/List$/, '')
  const { attributes } = blockOf(source, inner, nestedSynthesis(source, inner), outputReference(inner))
  const fields = Object.fromEntries(Object.entries(attributes).map(([name, { type }]) => [name, type]))
  return [setOrList(nesting), ['object', fields]]
}

function readType(source: Source, name: string, getter: string, body: string): Type {
  if (/getStringAttribute/.test(getter)) return 'string'
  if (/getNumberAttribute/.test(getter)) return 'number'
  if (/getBooleanAttribute/.test(getter)) return 'bool'
  if (/Fn\.tolist\(this\.getListAttribute/.test(getter)) return ['set', 'string']
  if (/getNumberListAttribute/.test(getter)) return ['list', 'number']
  if (/getListAttribute/.test(getter)) return ['list', 'string']
  if (/getStringMapAttribute/.test(getter)) return ['map', 'string']
  const [, type = ''] = new RegExp(`new ([\\w.]+)\\(this, "${name}"`).exec(getter + body) ?? []
  if (type.endsWith('StringMap')) return ['map', 'string']
  if (type.endsWith('StringMapList')) return ['list', ['map', 'string']]
  if (type.endsWith('BooleanMap')) return ['map', 'bool']
  const reference = outputReference(type.replace(/List$/, ''))
  const of = source.classes.get(reference)
  if (of === undefined) throw new Error(`cannot read the type of ${name}: ${getter}`)
  const fields = [...of.matchAll(/\/\/ (\w+) - computed: true, optional: false.*\n(?=((?: {4}.*\n){1,3}))/g)]
  const object = Object.fromEntries(
    fields.map(([, field = '', code = '']) => [field, readType(source, field, code, of)] as const),
  )
  return ['list', ['object', object]]
}
