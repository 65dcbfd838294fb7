/**
 * The Idempotency-Key of a form. Each time a page reads its data, they bring a fresh key, and a form with a new key is an empty form.
 * So a form keeps its key, and with it the typed words, until it was sent and accepted.
 */
import { useState } from 'react'
import { useActionData, useNavigation } from 'react-router'

/** `fresh`: the key in the page's data. A form sends its key as `chave`; if it is accepted, the answer is a redirect. */
export function useFormKey(fresh: string): string {
  const [kept, keep] = useState(fresh)
  const [isSent, setSent] = useState(false)
  const { formData } = useNavigation()
  const answer = useActionData()
  if (!isSent && formData?.get('chave') === kept) setSent(true)
  if (isSent && !formData && !answer && fresh !== kept) {
    setSent(false)
    keep(fresh)
  }
  return kept
}
