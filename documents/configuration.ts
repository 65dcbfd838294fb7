/** The table of variables for docs/configuration.md, out of the schema that every start reads. */
import { variables } from '#platform/config'

interface Told {
  readonly default?: unknown
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly enum?: readonly string[]
}

export function variablesTable(): string {
  const rows = Object.entries(variables)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, schema]) => row(name, schema))
  return ['| variable | default | takes | what |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function row(name: string, told: Told): string {
  const { default: standard, description = '' } = told
  const shown = standard === undefined || standard === '' ? '' : `\`${standard}\``
  return `| \`${name}\` | ${shown} | ${takes(told)} | ${escaped(description)} |`
}

function takes({ enum: words, minimum, exclusiveMinimum, maximum, default: standard }: Told): string {
  if (words) return words.map((word) => `\`${word}\``).join(', ')
  if (typeof standard === 'boolean') return '`true`, `false`'
  if (maximum === undefined) return 'text'
  return exclusiveMinimum === undefined ? `${minimum} to ${maximum}` : `above ${exclusiveMinimum}, to ${maximum}`
}

const escaped = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
