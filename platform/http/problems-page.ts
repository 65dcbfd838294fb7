/** `/problems`: what each `type` of a problem means, in English and in Portuguese. Every problem leads to its line by `Link`. */
import { type ProblemName, problems } from '#contracts'
import { wordsIn } from '../problem.ts'
import { answerKept, keptDocument } from './kept-document.ts'
import type { HttpApp } from './server.ts'

export const pageOf = (name: ProblemName): string => `/problems#${name}`

export function addProblemsPage(app: HttpApp): void {
  app.get('/problems', { schema: { hide: true } }, async (request, reply) =>
    reply.send(await answerKept(request, reply, page)),
  )
}

const lines = Object.entries(problems).map(([key, { type, status, title, detail }]) => {
  const name = key as ProblemName // the catalogue is made from these names
  const portuguese = wordsIn('pt-BR', name)
  return `<tr id="${name}"><td><code>${type}</code></td><td>${status}</td><td>${title}: ${detail}</td>
<td lang="pt-BR">${portuguese.title}: ${portuguese.detail}</td></tr>`
})

const page = keptDocument(
  'text/html; charset=utf-8',
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Problems</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 1rem; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid #ccc; padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top; }
:target { background: #fff3c4; }
</style>
</head>
<body>
<h1>Problems</h1>
<p>What the API refuses, it tells as a problem (RFC 9457). Decide by its <code>type</code>; the words of its
<code>title</code> and <code>detail</code> are in English, or in Portuguese for who asks with <code>Accept-Language: pt-BR</code>.</p>
<table>
<thead><tr><th>type</th><th>status</th><th>in English</th><th lang="pt-BR">em português</th></tr></thead>
<tbody>
${lines.join('\n')}
</tbody>
</table>
</body>
</html>
`,
)
