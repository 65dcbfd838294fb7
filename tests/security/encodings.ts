/** A text in every form in which it might appear: plain, its digits only, base64, hex, percent signs, escapes. */

export interface Form {
  readonly encoding: string
  readonly text: string
}

/** Shorter pieces would be found by chance. */
const SHORTEST = 6

/** Every form that does not depend on its neighbours. */
export function formsOf(value: string): Form[] {
  const digits = value.replace(/\D/g, '')
  const texts = new Set([
    value,
    value.toLowerCase(),
    value.toUpperCase(),
    value.normalize('NFD'),
    ...atLeast(digits, 8),
  ])
  const forms = [...texts].flatMap((text) => [
    { encoding: text === digits ? 'digits only' : 'plain', text },
    ...[0, 1, 2].flatMap((offset) => {
      const inside = base64Inside(Buffer.from(text), offset)
      return [
        { encoding: `base64 at ${offset}`, text: inside },
        { encoding: `base64url at ${offset}`, text: inside.replaceAll('+', '-').replaceAll('/', '_') },
      ]
    }),
    ...bothCases('hex', Buffer.from(text).toString('hex')),
    ...bothCases('URL-encoded', encodeURIComponent(text)),
    { encoding: 'form-encoded', text: encodeURIComponent(text).replaceAll('%20', '+') },
    ...bothCases('all percent', [...Buffer.from(text)].map((byte) => `%${hexOf(byte, 2)}`).join('')),
    ...bothCases(
      'escaped',
      text.replace(/[^ -~]/g, (letter) => `\\u${hexOf(letter.charCodeAt(0), 4)}`),
    ),
  ])
  return forms.filter(({ text }) => text.length >= SHORTEST)
}

const atLeast = (text: string, length: number) => (text.length >= length ? [text] : [])

const bothCases = (encoding: string, text: string): Form[] => [
  { encoding, text: text.toLowerCase() },
  { encoding, text: text.toUpperCase() },
  { encoding, text },
]

const hexOf = (number: number, length: number) => number.toString(16).padStart(length, '0')

/**
 * The base64 of these bytes at `offset` bytes behind a multiple of three, without the letters that depend on their
 * neighbours.
 */
function base64Inside(bytes: Buffer, offset: number): string {
  const before = Buffer.alloc(offset)
  const whole = Math.floor(((offset + bytes.length) * 8) / 6)
  return Buffer.concat([before, bytes])
    .toString('base64')
    .slice(Math.ceil((offset * 8) / 6), whole)
}

/** The encodings in which the value is found. A longer text is also looked for whatever the case of its letters. */
export function foundIn(haystack: string, value: string): string[] {
  const found = formsOf(value).filter(({ text }) => haystack.includes(text))
  const isWritten = value.length >= 10 && haystack.toLowerCase().includes(value.toLowerCase())
  return [...new Set([...found.map(({ encoding }) => encoding), ...(isWritten ? ['plain'] : [])])]
}
