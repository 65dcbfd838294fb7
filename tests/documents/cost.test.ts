/** The cost model: its counts are those of the saga, its sizes those of Terraform, and its sums add up. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { ARMOR_RULES, containers, FIRST_DISK_GB, type Scale, scales } from '../../documents/cost/load.ts'
import { traffic } from '../../documents/cost/messages.ts'
import { idleOf, instancesOf, monthOf, totalOf } from '../../documents/cost/model.ts'
import { BRL } from '../../documents/cost/prices.ts'

const terraform = (path: string) => readFile(new URL(`../../infrastructure/terraform/${path}`, import.meta.url), 'utf8')

test('a completed purchase has nine messages, which fourteen subscriptions get', () => {
  const { published, delivered, bytes, billed_bytes } = traffic()
  assert.deepEqual([published, delivered], [9, 14])
  assert.ok(bytes > 23 * 200 && bytes < billed_bytes)
  assert.equal(billed_bytes, 23 * 1_000, 'each is smaller than the least that is charged')
})

test('the sizes are those that Terraform makes', async () => {
  const services = await terraform('modules/services/main.tf')
  const sizes = [...services.matchAll(/limits\s*= \{ cpu = "([\d.]+)", memory = "(\d+)Mi" \}/g)]
  assert.deepEqual(
    sizes.map(([, cpu, mib]) => ({ cpu: Number(cpu), gib: Number(mib) / 1_024 })),
    [containers.app, containers.metrics],
  )
  assert.equal((await terraform('modules/edge/main.tf')).match(/^ {2}rule \{/gm)?.length, ARMOR_RULES)
  assert.match(await terraform('modules/sql/main.tf'), new RegExp(`disk_size\\s+= ${FIRST_DISK_GB}\\n`))
})

test('the middle one of the three scales has the sizes of prod.tfvars', async () => {
  const prod = await terraform('environments/prod.tfvars')
  const [, cpu, mb] = /"db-custom-(\d+)-(\d+)"/.exec(prod) ?? []
  const least = [...prod.matchAll(/^ {2}([\w-]+)\s+= \{ min = (\d+)/gm)].map(([, name, min]) => [name, Number(min)])
  const { database, services, gateway, web } = scales[1] as Scale
  assert.deepEqual(database, { cpu: Number(cpu), gb: Number(mb) / 1_024 })
  assert.deepEqual(Object.fromEntries(least), {
    'cliente-service': services,
    'veiculo-service': services,
    'pagamento-service': services,
    'identidade-service': services,
    'avisos-service': 1,
    orquestrador: services,
    web,
    gateway,
  })
})

test('more purchases cost more, and each of them less', () => {
  const months = scales.map((scale) => ({ total: totalOf(monthOf(scale)), ...scale }))
  for (const [index, { total, purchases }] of months.slice(1).entries()) {
    const before = months[index] as (typeof months)[number]
    assert.ok(total > before.total)
    assert.ok(total / purchases < before.total / before.purchases)
  }
})

test('instances follow the busiest hour, and are never fewer than the configured minimum', () => {
  const [small, , large] = scales as [Scale, Scale, Scale]
  assert.equal(instancesOf(small), 6)
  assert.ok(instancesOf(large) > 5 * large.services + 1)
  assert.ok(instancesOf({ ...large, purchases: large.purchases * 2 }) > instancesOf(large))
})

test('the budgets cover a month without visitors, and prod’s covers the month of its table', async () => {
  const budgetOf = async (environment: string) =>
    Number(/monthly_budget\s+= (\d+)/.exec(await terraform(`environments/${environment}.tfvars`))?.[1])
  const [small, middle] = scales as readonly [Scale, Scale]
  assert.ok((await budgetOf('dev')) > idleOf(small) * BRL)
  assert.ok((await budgetOf('prod')) > totalOf(monthOf(middle)) * BRL)
  assert.ok(idleOf(middle) > idleOf(small))
})
