/** `npm run -s topology`: the topics, subscriptions and policies that Pub/Sub must have, as JSON. */
import { topology } from '#messaging'
import { command } from './command-line.ts'

const usage = `usage: npm run -s topology

Prints the topics, subscriptions and policies that Pub/Sub must have, as JSON.`

await command({ usage, options: {} }, () => console.log(JSON.stringify(topology(), null, 2)))
