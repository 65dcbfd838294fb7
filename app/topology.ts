/** `npm run -s topology`: the topics, subscriptions and policies that Pub/Sub must have, as JSON. */
import { topology } from '#messaging'

console.log(JSON.stringify(topology(), null, 2))
