/**
 * The Idempotency-Key of a form. A page that reads its data again brings a fresh key, and a form that takes it begins anew, empty. So
 * a form keeps its key, and with it what somebody has typed, until it was sent and taken.
 */
import { useState } from 'react'
import { useActionData, useNavigation } from 'react-router'

/** `fresh`: the key that the page's data bring. A form sends its key as `chave`; what is taken ends in a redirect. */
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
