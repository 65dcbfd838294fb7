/**
 * A Terraform provider that knows nothing but a schema. Terraform itself then checks our configuration against it
 * (`terraform validate`) and, with `mock_provider`, plans and applies it in its head (`terraform test`): no network, no cloud.
 */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadPackageDefinition, Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

interface Attribute {
  readonly type: unknown
  readonly required?: boolean
  readonly optional?: boolean
  readonly computed?: boolean
  readonly write_only?: boolean
}
export interface Block {
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly blocks: Readonly<Record<string, Nested>>
}
interface Nested extends Block {
  readonly nesting: 'list' | 'set' | 'single'
  readonly required?: boolean
  readonly one?: boolean
}
export interface ProviderSchema {
  readonly provider: string
  readonly configuration: Block
  readonly resources: Readonly<Record<string, Block>>
  readonly data_sources: Readonly<Record<string, Block>>
}

export const providerSchema: ProviderSchema = JSON.parse(
  readFileSync(new URL('../../infrastructure/terraform/provider-schema.json', import.meta.url), 'utf8'),
)

export interface SchemaProvider extends AsyncDisposable {
  /** The environment that makes Terraform use this provider instead of looking for one. */
  readonly environment: Readonly<Record<string, string>>
}

export async function startSchemaProvider(): Promise<SchemaProvider> {
  const folder = await mkdtemp(join(tmpdir(), 'provider-'))
  const socket = join(folder, 'socket')
  const server = new Server({ 'grpc.max_send_message_length': 64 * 1024 * 1024 })
  server.addService(protocol(), {
    GetSchema: answer(schemas()),
    // returns its input unchanged
    PrepareProviderConfig: (call: { request: { config: unknown } }, done: Done) =>
      done(null, { prepared_config: call.request.config }),
    ValidateResourceTypeConfig: answer({}),
    ValidateDataSourceConfig: answer({}),
    Configure: answer({}),
    Stop: answer({}),
  })
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    ),
  )
  const reattach = {
    Protocol: 'grpc',
    ProtocolVersion: 5,
    Pid: process.pid,
    Test: true,
    Addr: { Network: 'unix', String: socket },
  }
  return {
    environment: { TF_REATTACH_PROVIDERS: JSON.stringify({ 'registry.terraform.io/hashicorp/google': reattach }) },
    async [Symbol.asyncDispose]() {
      server.forceShutdown()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

type Done = (error: null, answer: object) => void

const answer = (value: object) => (_call: unknown, done: Done) => done(null, value)

function protocol(): ServiceDefinition {
  const file = new URL('./provider-protocol.proto', import.meta.url).pathname
  const loaded = loadPackageDefinition(loadSync(file, { keepCase: true, defaults: false, enums: String }))
  const { Provider } = loaded.tfplugin5 as unknown as { Provider: { service: ServiceDefinition } }
  return Provider.service
}

function schemas() {
  const all = (blocks: Readonly<Record<string, Block>>) =>
    Object.fromEntries(Object.entries(blocks).map(([name, block]) => [name, { block: wire(block) }]))
  return {
    provider: { block: wire(providerSchema.configuration) },
    resource_schemas: all(providerSchema.resources),
    data_source_schemas: all(providerSchema.data_sources),
  }
}

interface WireBlock {
  readonly attributes: readonly object[]
  readonly block_types: readonly object[]
}

function wire({ attributes, blocks }: Block): WireBlock {
  return {
    attributes: Object.entries(attributes).map(([name, attribute]) => ({
      ...attribute,
      name,
      type: Buffer.from(JSON.stringify(attribute.type)),
    })),
    block_types: Object.entries(blocks).map(([type_name, nested]) => ({
      type_name,
      block: wire(nested),
      nesting: nested.nesting.toUpperCase(),
      min_items: nested.required ? 1 : 0,
      max_items: nested.one && nested.nesting !== 'single' ? 1 : 0,
    })),
  }
}
