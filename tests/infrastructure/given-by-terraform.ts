/**
 * The commands and environments that Terraform gives the containers of production: `environments/prod.tfvars` and the
 * example that operators fill in, applied without a cloud.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withTerraform } from './terraform-at-work.ts'

export interface Given {
  /** The container's command line after `node`. */
  readonly args: readonly string[]
  readonly account: string
  /** A secret's value is given as `secret NAME`. */
  readonly environment: Readonly<Record<string, string>>
}

export interface GivenByTerraform {
  readonly services: Readonly<Record<string, Given>>
  readonly jobs: Readonly<Record<string, Given>>
  /** What the job `database-grants` is told to do, in order. */
  readonly grants: readonly string[]
}

export const PROJECT = 'mercado-test'

const TEST = `
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
  mock_resource "google_kms_crypto_key" {
    defaults = { id = "projects/${PROJECT}/locations/southamerica-east1/keyRings/mercado/cryptoKeys/service" }
  }
}

variables {
  project_id              = "${PROJECT}"
  image                   = "registry.example/app:1"
  database_admin_password = "only-for-this-test"
  secret_values           = { payment-webhook = "a", pix-client = "b", pix-certificate = "c", pix-key = "d", mail-server = "e" }
}

# of these a container gets nothing; they are most of the work
${['messaging', 'monitoring', 'edge', 'delivery'].map((name) => `override_module {\n  target  = module.${name}\n  outputs = {}\n}`).join('\n')}

run "prod" {}
`

export const givenInProduction = (): Promise<GivenByTerraform> =>
  withTerraform(async (run, folder) => {
    const tests = join(folder, 'tests')
    for (const file of await readdir(tests)) await rm(join(tests, file))
    await writeFile(join(tests, 'prod.tftest.hcl'), TEST)
    const example = await readFile(join(folder, 'terraform.tfvars.example'), 'utf8')
    await writeFile(join(folder, 'local.auto.tfvars'), example.replace(/version( +)= 0/g, 'version$1= 1'))
    const { code, output } = await run('test', '-json', '-verbose', '-var-file=environments/prod.tfvars')
    if (code !== 0) throw new Error(output)
    const lines = output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
    const state = lines.find(({ type }) => type === 'test_state')?.test_state
    const resources = resourcesIn(state.root_module)
    const of = (type: string, name: string) => resources.filter((one) => one.type === type && one.name === name)
    return {
      services: Object.fromEntries(
        of('google_cloud_run_v2_service', 'this').map(({ values }) => [
          values.name,
          given(values.template[0].service_account, values.template[0].containers),
        ]),
      ),
      jobs: Object.fromEntries(
        of('google_cloud_run_v2_job', 'this').map(({ values }) => {
          const [{ service_account, containers }] = values.template[0].template
          return [values.name, given(service_account, containers)]
        }),
      ),
      grants: of('google_cloud_run_v2_job', 'database_grants').flatMap(({ values }) =>
        values.template[0].template[0].containers[0].args.flatMap((arg: string) => {
          const [, statement] = /^--command=(.*)$/s.exec(arg) ?? []
          return statement === undefined ? [] : [statement]
        }),
      ),
    }
  })

interface Resource {
  readonly type: string
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: as Terraform tells it
  readonly values: any
}
interface TerraformModule {
  readonly resources?: readonly Resource[]
  readonly child_modules?: readonly TerraformModule[]
}

const resourcesIn = ({ resources = [], child_modules = [] }: TerraformModule): Resource[] => [
  ...resources,
  ...child_modules.flatMap(resourcesIn),
]

interface Container {
  readonly args: readonly string[]
  readonly env?: readonly {
    readonly name: string
    readonly value?: string
    readonly value_source?: readonly { readonly secret_key_ref: readonly { readonly secret: string }[] }[]
  }[]
}

function given(account: string, [first]: readonly Container[]): Given {
  const environment = (first?.env ?? []).map(({ name, value, value_source }) => [
    name,
    value_source?.[0] ? `secret ${value_source[0].secret_key_ref[0]?.secret}` : (value ?? ''),
  ])
  return { args: first?.args ?? [], account, environment: Object.fromEntries(environment) }
}
