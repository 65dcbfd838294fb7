/** `npm run -s stock -- import FILE`: takes in the vehicles of a CSV file, in parts, and shows how far it is. */
import { readFile } from 'node:fs/promises'
import { Type } from 'typebox'
import { CannotStart } from '#platform/cannot-start'
import { readConfig } from '#platform/config'
import { rowsIn } from '#platform/csv'
import { command, Misused } from './command-line.ts'
import { opsApi } from './ops/api.ts'

const usage = `usage: npm run -s stock -- import FILE [--token TOKEN]

Takes in the vehicles of a CSV file. Its first row names the columns: the fields of POST /vehicles, or marca, modelo, ano, preço,
placa, chassi, RENAVAM, km, custo and so on. Bad rows are told by line and field, the others are taken in; run again, nothing is
doubled.

  --token   unless given, the local issuer in DATA_DIR signs one`

const ROWS_A_PART = 250

const Answer = Type.Object({
  taken_in: Type.Integer(),
  known: Type.Integer(),
  errors: Type.Array(Type.Object({ line: Type.Integer(), field: Type.String(), message: Type.String() })),
})

await command({ usage, options: { token: { type: 'string' } }, words: 2 }, async ({ token }, [word, file]) => {
  if (word !== 'import' || file === undefined) throw new Misused('what is to be imported?')
  const [header, ...rows] = rowsIn(await textOf(file))
  if (!header) throw new CannotStart(`${file} is empty`)
  const open = [header, ...rows].find(({ isOpen }) => isOpen)
  if (open) throw new CannotStart(`${file}: a quotation mark in the row of line ${open.line} is never closed`)
  const api = await opsApi(readConfig(process.env), token)
  let [taken_in, known, bad] = [0, 0, 0]
  for (let start = 0; start < rows.length; start += ROWS_A_PART) {
    const part = rows.slice(start, start + ROWS_A_PART)
    const sent = [header, ...part].map(({ cells }) => cells.map(quoted).join(',')).join('\n')
    const answer = await api.ask('veiculo-service', 'POST /vehicles/import', Answer, sent)
    const lines = new Map(rowsIn(sent).map(({ line }, index) => [line, part[index - 1]?.line ?? header.line]))
    taken_in += answer.taken_in
    known += answer.known
    bad += answer.errors.length
    for (const { line, field, message } of answer.errors) console.log(`line ${lines.get(line)}: ${field} ${message}`)
    console.error(`${Math.min(start + ROWS_A_PART, rows.length)} of ${rows.length} rows`)
  }
  console.log(`${taken_in} taken in, ${known} known already, ${bad} faults`)
  if (bad > 0) process.exitCode = 1
})

/** Spreadsheets also save in older encodings. Read as UTF-8, such a file would lose its accented letters. */
async function textOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch(() => {
    throw new CannotStart(`${file} cannot be read`)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CannotStart(`${file} is not in UTF-8: save it as “CSV UTF-8”`)
  }
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`
}
