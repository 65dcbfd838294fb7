/**
 * The common part of all command-line tools: `--help` prints the usage, a wrong command line is answered with the usage (exit
 * code 2), and an error that a person can mend is printed without a stack (exit code 1).
 */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { startFailure } from './last-words.ts'

/** The command line is wrong; the usage shows the right form. */
export class Misused extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>

export interface Command<O extends Options> {
  readonly usage: string
  readonly options: O
  /** How many words beside options there may be. */
  readonly words?: number
  /** The exit code for an error that a person can mend; default: 1. */
  readonly failure?: number
}

/** Runs `act` with the parsed command line. It never rejects: the exit code tells how it ended. */
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
