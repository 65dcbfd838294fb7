/** The form of a mail, pure: one letter of plain sentences, as text and as HTML without pictures. */

export interface Letter {
  readonly subject: string
  /** A name, or null. */
  readonly to?: string | undefined
  readonly paragraphs: readonly string[]
  /** Set apart and large: a code to be typed. */
  readonly code?: string | undefined
  /** Set apart and whole, to be copied. */
  readonly copy?: string | undefined
  readonly link?: { readonly words: string; readonly url: string } | undefined
  /** Smaller text after the link. */
  readonly notes?: readonly string[]
  /** The link to unsubscribe from this kind; absent for mails that must be sent. */
  readonly unsubscribe?: string | undefined
}

export interface Written {
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly unsubscribe?: string | undefined
}

const SENDER = 'Mercado Veículo'
const NO_MORE = 'Não quer mais lembretes? Use “cancelar inscrição” no seu programa de e-mail.'

export function written(letter: Letter): Written {
  const subject = oneLine(letter.subject)
  const { unsubscribe } = letter
  return { subject, text: asText(letter), html: asHtml({ ...letter, subject }), ...(unsubscribe && { unsubscribe }) }
}

/** A chosen name must not break or overflow a line of a header. */
export const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 120)

const greeting = (to: string | undefined) => (to ? `Olá, ${oneLine(to).split(' ')[0]}.` : 'Olá.')

function asText({ to, paragraphs, code, copy, link, notes = [], unsubscribe }: Letter): string {
  const parts = [
    greeting(to),
    ...paragraphs,
    ...(code ? [`    ${code}`] : []),
    ...(copy ? [copy] : []),
    ...(link ? [`${link.words}:\n${link.url}`] : []),
    ...notes,
    `${SENDER}`,
    ...(unsubscribe ? [NO_MORE] : []),
  ]
  return `${parts.join('\n\n')}\n`
}

const INK = '#1b1b18'
const FAINT = '#6b6a63'
const PAPER = '#f6f4ee'
const GREEN = '#0b6b4a'

function asHtml({ subject, to, paragraphs, code, copy, link, notes = [], unsubscribe }: Letter): string {
  const p = (text: string, style = '') => `<p style="margin:0 0 16px;${style}">${escaped(text)}</p>`
  const body = [
    p(greeting(to)),
    ...paragraphs.map((text) => p(text)),
    ...(code
      ? [
          `<p style="margin:0 0 16px;font:700 32px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:6px">${escaped(code)}</p>`,
        ]
      : []),
    ...(copy
      ? [
          `<p style="margin:0 0 16px;padding:12px;background:${PAPER};font:14px/1.5 ui-monospace,Menlo,Consolas,monospace;word-break:break-all">${escaped(copy)}</p>`,
        ]
      : []),
    ...(link
      ? [
          `<p style="margin:0 0 16px"><a href="${escaped(link.url)}" style="display:inline-block;padding:12px 20px;background:${GREEN};color:#ffffff;text-decoration:none;border-radius:8px">${escaped(link.words)}</a></p>`,
          p(link.url, `color:${FAINT};font-size:13px;word-break:break-all`),
        ]
      : []),
    ...notes.map((text) => p(text, `color:${FAINT};font-size:14px`)),
    ...(unsubscribe ? [p(NO_MORE, `color:${FAINT};font-size:13px`)] : []),
  ]
  return `<!doctype html>
<html lang="pt-BR">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(subject)}</title></head>
<body style="margin:0;background:${PAPER};color:${INK};font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:24px 16px">
<p style="margin:0 0 16px;font-weight:700">${SENDER}</p>
<div style="background:#ffffff;border-radius:12px;padding:24px">
${body.join('\n')}
</div>
</div>
</body>
</html>
`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
