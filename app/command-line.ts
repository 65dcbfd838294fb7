/**
 * What all command-line tools have in common: `--help` prints the usage, what is typed wrongly is told with the usage (exit
 * code 2), and what a person can mend is told without a stack (exit code 1).
 */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { startFailure } from './last-words.ts'

/** The command line is wrong; the usage says how it is right. */
export class Misused extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>

export interface Command<O extends Options> {
  readonly usage: string
  readonly options: O
  /** How many words there may be that are no options. */
  readonly words?: number
  /** Exit code for what a person can mend; 1 unless said. */
  readonly failure?: number
}

/** Runs `act` with what was typed. It never rejects: the exit code says how it ended. */
export async function command<const O extends Options>(
  { usage, options, words = 0, failure = 1 }: Command<O>,
  act: (values: Parsed<O>['values'], words: readonly string[]) => Promise<void> | void,
): Promise<void> {
  if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) {
    console.log(usage)
    return
  }
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    if (positionals.length > words) throw new Misused(`${positionals[words]} is too much`)
    await act(values, positionals)
  } catch (error) {
    const isMisuse = error instanceof Misused || isUnknownOption(error)
    console.error(isMisuse ? `${error.message}\n\n${usage}` : startFailure(error))
    process.exitCode = isMisuse ? 2 : failure
  }
}

const isUnknownOption = (error: unknown): error is Error =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
