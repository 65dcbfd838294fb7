/** `npm run -s ops -- …`: an operator's commands for dead letters and stuck purchases. */
import { isServiceName, serviceNames } from '#contracts'
import { readConfig } from '#platform/config'
import { command, Misused } from '../command-line.ts'
import { type OpsApi, opsApi } from './api.ts'
import { discardLetter, listLetters, replayLetter, showLetter } from './dead-letters.ts'
import { decideSaga, listOverdue, listSagas, retrySaga, showSaga } from './sagas.ts'

const usage = `usage: npm run -s ops -- COMMAND

  dead-letters [--service NAME] [--status waiting|replayed|discarded]
  dead-letters show NAME ID
  dead-letters replay NAME ID            handles the message once more, now
  dead-letters discard NAME ID --reason "…"
  sagas [--status STATUS]                those that wait for an operator, or of another status
  sagas --overdue                        those whose step has let a deadline pass
  saga ID                                where a purchase stands, and how it came there
  saga retry ID                          resumes a purchase that waits for an operator
  saga give-up ID --reason "…"           what it waits for was dealt with by hand: goes on without
  saga redo ID --reason "…"              what is missing of it is done again, from the services' records

NAME is one of ${serviceNames.join(', ')}.
Services are found as the configuration says (PORT_…, …_URL); --token brings a token, else the local issuer in DATA_DIR signs one.`

/** The words that may follow `saga` and an id. */
const ACTS = ['retry', 'give-up', 'redo']

const options = {
  service: { type: 'string' },
  status: { type: 'string' },
  reason: { type: 'string' },
  token: { type: 'string' },
  overdue: { type: 'boolean', default: false },
} as const

await command({ usage, options, words: 4 }, async (values, words) => {
  console.log(await run(await opsApi(readConfig(process.env), values.token), values, words))
})

interface Values {
  readonly service?: string | undefined
  readonly status?: string | undefined
  readonly reason?: string | undefined
  readonly overdue: boolean
}

function run(api: OpsApi, values: Values, [what, ...words]: readonly string[]): Promise<string> {
  switch (what) {
    case 'dead-letters': {
      const [act, name = values.service, id] = words
      if (name !== undefined && !isServiceName(name)) throw new Misused(`there is no service ${name}`)
      if (act === undefined) return listLetters(api, serviceNames, { ...values, service: name })
      if (name === undefined || !/^\d{1,15}$/.test(id ?? '')) throw new Misused(`${act} needs a service and an id`)
      if (act === 'show') return showLetter(api, name, Number(id))
      if (act === 'replay') return replayLetter(api, name, Number(id))
      if (act === 'discard') return discardLetter(api, name, Number(id), values.reason)
      throw new Misused(`dead-letters does not know ${act}`)
    }
    case 'sagas':
      return values.overdue ? listOverdue(api) : listSagas(api, values.status)
    case 'saga': {
      const [first, second] = words
      if (first === 'retry' && second) return retrySaga(api, second)
      if ((first === 'give-up' || first === 'redo') && second) {
        if (!values.reason) throw new Misused(`saga ${first} needs --reason "…": it is kept on record`)
        return decideSaga(api, first, second, values.reason)
      }
      if (first && second === undefined && !ACTS.includes(first)) return showSaga(api, first)
      throw new Misused('saga needs the id of a purchase')
    }
    default:
      throw new Misused(what === undefined ? 'what is to be done?' : `${what} is no command`)
  }
}
