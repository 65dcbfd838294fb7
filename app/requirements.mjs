/**
 * Checks the version of Node before any of our code is loaded (`node --import`). An older Node would stop at the first type with
 * a SyntaxError that does not tell what is missing. Plain JavaScript, so that any Node reads it.
 */
const NEEDED = 24
const found = Number(process.versions.node.split('.')[0])

if (found < NEEDED) {
  console.error(`Node ${NEEDED} or newer is needed, and this is ${process.version}.
It comes with the other packages, but the script that puts it in place was not run (npm's --ignore-scripts, or an npm that
asks first). From the folder of package.json:
  npm ci                                   installs everything, scripts included
  npm rebuild node --ignore-scripts=false  runs that script alone
Then use \`npm start\`, \`npm run …\` or \`npx node …\`, which find it.`)
  process.exit(1)
}

if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) await import('./help-from-comment.mjs')
