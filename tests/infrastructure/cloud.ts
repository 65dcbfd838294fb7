/** The cloud's answers in each situation, and the calls of a deployment. */
import assert from 'node:assert/strict'
import { serviceNames } from '#contracts'
import type { Rule } from './fake-tools.ts'

/** Participants first, then the services that call them, the public door last. */
export const ROLLED_OUT: readonly string[] = [...serviceNames, 'web', 'gateway']
export const PASSWORD = 'correct horse battery'

export const loggedIn: Rule = { when: /^gcloud auth list/, says: 'ana@example.com' }
export const newProject: readonly Rule[] = [
  loggedIn,
  { when: /^gcloud (secrets|storage buckets|artifacts docker images|run jobs) describe/, fails: true },
]
export const missingImage: Rule = { when: /^gcloud artifacts docker images describe/, fails: true }
export const secret: readonly Rule[] = [
  { when: /^gcloud secrets versions access/, says: PASSWORD },
  { when: /^gcloud secrets versions list/, says: '3' },
]

/** A service that runs `before`, to which `update` adds a revision. */
export const services = (image: string): readonly Rule[] =>
  ROLLED_OUT.flatMap((name) => [
    { when: new RegExp(`^gcloud run services describe.* ${name} .*traffic`), says: `${name}-1 100` },
    { when: new RegExp(`^gcloud run services describe.* ${name} .*latestCreated`), says: `${name}-1`, times: 1 },
    { when: new RegExp(`^gcloud run services describe.* ${name} .*latestCreated`), says: `${name}-2` },
    { when: new RegExp(`^gcloud run revisions describe.* ${name}-1 .*image`), says: image },
  ])
/** The rules of each service's facts; cliente-service's come first. */
export const FACTS = 4
export const ready: Rule = { when: /^gcloud run revisions describe.*conditions/, says: 'True' }
export const OLD = 'southamerica-east1-docker.pkg.dev/mercado-test/mercado-veiculo/app:old'
export const NEW = 'southamerica-east1-docker.pkg.dev/mercado-test/mercado-veiculo/app:abc123'

export const changes = (calls: readonly string[]) =>
  calls.filter((call) => !/ (list|describe|access|get-value|print-access-token|read|output)( |$)/.test(call))

export const rollOut = (name: string) => [
  `gcloud run services update ${name} --no-traffic --container=app --image=REGISTRY/app:abc123 --command=node --args=${name === 'web' ? 'web/main.ts' : `app/service.ts,${name}`}`,
  `gcloud run services update-traffic ${name} --to-revisions=${name}-2=10,${name}-1=90`,
  `gcloud run services update-traffic ${name} --to-revisions=${name}-2=50,${name}-1=50`,
  `gcloud run services update-traffic ${name} --to-revisions=${name}-2=100`,
]
export const migrations = [
  ...serviceNames.flatMap((name) => [
    `gcloud run jobs update migrate-${name} --image=REGISTRY/app:abc123`,
    `gcloud run jobs execute migrate-${name} --wait`,
    `gcloud run jobs update rotate-keys-${name} --image=REGISTRY/app:abc123`,
  ]),
  'gcloud run jobs update staff --image=REGISTRY/app:abc123',
]
/** Pub/Sub's own account. */
export const AGENT = 'gcloud beta services identity create --service=pubsub.googleapis.com'
export const image = [
  'gcloud auth configure-docker southamerica-east1-docker.pkg.dev',
  /^docker build --platform=linux\/amd64 --tag=REGISTRY\/app:abc123 /,
  'docker push REGISTRY/app:abc123',
]
export const INIT =
  'terraform init -input=false -reconfigure -backend-config=bucket=mercado-test-mercado-tfstate -backend-config=prefix=mercado-veiculo/dev'
export const APPLY = 'terraform apply -var-file=environments/dev.tfvars -auto-approve'
export const DESTROY = 'terraform destroy -var-file=environments/dev.tfvars -auto-approve'

export function assertCalls(calls: readonly string[], expected: readonly (string | RegExp)[]) {
  const shown = calls.map((call, index) => {
    const wanted = expected[index]
    return wanted instanceof RegExp && wanted.test(call) ? wanted : call
  })
  assert.deepEqual(shown, expected)
}
