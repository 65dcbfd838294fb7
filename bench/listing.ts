/**
 * `npm run bench:listing [-- --vehicles 1000000 --rounds 20]`: how lists fare among a million vehicles, by their statements alone.
 * With `--json` the routes themselves beside their floor, as lines of JSON: see listing-floor.ts.
 */
import { options } from './listing-options.ts'

await (options.json ? import('./listing-floor.ts') : import('./listing-depths.ts'))
