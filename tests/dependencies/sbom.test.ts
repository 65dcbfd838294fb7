/** The software bill of materials: what CycloneDX asks for, and everything that runs in production. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { ROOT, readLockFile } from '../../infrastructure/dependencies/lock-file.ts'
import { sbom } from '../../infrastructure/dependencies/sbom.ts'

const Component = Type.Object({
  name: Type.String(),
  version: Type.String(),
  purl: Type.String({ pattern: '^pkg:npm/' }),
  hashes: Type.Array(
    Type.Object({ alg: Type.Literal('SHA-512'), content: Type.String({ pattern: '^[0-9a-f]{128}$' }) }),
    {
      minItems: 1,
    },
  ),
  licenses: Type.Array(Type.Unknown(), { minItems: 1 }),
})
const Bill = Type.Object({
  bomFormat: Type.Literal('CycloneDX'),
  specVersion: Type.Literal('1.5'),
  metadata: Type.Object({ component: Type.Object({ name: Type.String(), type: Type.String() }) }),
  components: Type.Array(Component),
})

const bill = sbom()

/** As the standard's own schema says it, which its maintainers publish with their library. */
function schemaCheck() {
  const folder = new URL('node_modules/@cyclonedx/cyclonedx-library/res/schema/', ROOT)
  const schemaOf = (name: string) => JSON.parse(readFileSync(new URL(`${name}.SNAPSHOT.schema.json`, folder), 'utf8'))
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addFormat('iri-reference', true)
  ajv.addFormat('idn-email', true)
  for (const name of ['spdx', 'jsf-0.82'])
    ajv.addSchema(schemaOf(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`)
  return ajv.compile(schemaOf('bom-1.5'))
}

test('it is valid CycloneDX 1.5', () => {
  const isValid = schemaCheck()
  assert.ok(isValid(bill), JSON.stringify(isValid.errors))
  assert.ok(!isValid({ ...bill, components: [{ type: 'library' }] }), 'the check sees nothing')
})

test('it names every package of production with its checksum and licence, and no tool', () => {
  const { metadata, components }: Static<typeof Bill> = Value.Parse(Bill, bill)
  assert.deepEqual([metadata.component.name, metadata.component.type], ['mercado-veiculo', 'application'])
  const named = new Set(components.map(({ name, version }) => `${name}@${version}`))
  const shipped = readLockFile().packages.filter(({ dev }) => !dev)
  assert.ok(shipped.length > 100)
  assert.deepEqual([...named].sort(), [...new Set(shipped.map(({ name, version }) => `${name}@${version}`))].sort())
})
