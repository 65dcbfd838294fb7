/**
 * Finds texts that look like a secret: the forms of well-known ones, and random-looking values that are assigned to a name that says
 * secret. It errs towards finding too much; `ALLOWED` in the test lists the exceptions, with reasons.
 */
interface Finding {
  readonly line: number
  readonly kind: string
  readonly text: string
}

const FORMS: Readonly<Record<string, RegExp>> = {
  'private key': /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
  'private JWK': /"d"\s*:\s*"[\w-]{40,}"/,
  'JSON Web Token': /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
  'AWS key': /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  'Google API key': /\bAIza[\w-]{35}\b/,
  'Google OAuth token': /\bya29\.[\w-]{20,}/,
  'Google service account': /"private_key_id"\s*:\s*"[0-9a-f]{40}"/,
  'GitHub token': /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,})/,
  'GitLab token': /\bglpat-[\w-]{20}/,
  'npm token': /\bnpm_[A-Za-z0-9]{36}\b|_authToken\s*=\s*[^\s$]/,
  'Slack token': /\bxox[abprs]-[\w-]{10,}/,
  'Stripe key': /\b[rs]k_live_\w{20,}/,
  'webhook secret': /\bwhsec_[\w+/=-]{32,}/,
  'password in an address': /\b[a-z][a-z+]+:\/\/[^\s/:@'"`${}]+:[^\s/:@'"`${}<…]{8,}@/,
}

const ASSIGNMENT =
  /\b[\w-]*(?:secret|token|passw(?:or)?d|senha|api_?key|private_?key|client_?secret|credential)[\w-]*["']?\s*[:=]\s*["'`]?([\w+/=.~-]{20,})/gi

/** Bits a character; words of any language stay below, 20 characters drawn from 64 are above. */
const RANDOM = 3.9

export function secretsIn(text: string): Finding[] {
  return text.split('\n').flatMap((content, index) => {
    const known = Object.entries(FORMS).flatMap(([kind, form]) => {
      const [found] = form.exec(content) ?? []
      return found ? [{ kind, text: found.slice(0, 80) }] : []
    })
    const assigned = [...content.matchAll(ASSIGNMENT)]
      .filter(
        ([, value = '']) => /\d/.test(value) && /[a-z]/i.test(value) && !isWords(value) && entropy(value) > RANDOM,
      )
      .map(([, value = '']) => ({ kind: 'random value', text: value }))
    return [...known, ...assigned].map((one) => ({ ...one, line: index + 1 }))
  })
}

/** `the-one-of-2026`. */
const isWords = (text: string) => text.split(/[-._~/]/).every((piece) => /^([a-z]*|\w{1,4})$/.test(piece))

/** Shannon's, in bits a character. */
function entropy(text: string): number {
  const counts = Map.groupBy(text, (character) => character)
  return [...counts.values()].reduce(
    (sum, { length }) => sum - (length / text.length) * Math.log2(length / text.length),
    0,
  )
}
