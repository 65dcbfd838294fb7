/** Asks the device for a passkey and sends its answer. It is not shown where scripts or passkeys are missing. */
import { useState } from 'react'
import { useSubmit } from 'react-router'
import { account } from '../../texts/account.pt-br.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useScripts } from '../../ui/scripts.ts'

const texts = account.signIn

export function PasskeyButton({ back }: { readonly back: string }) {
  const [hasFailed, setFailed] = useState(false)
  const submit = useSubmit()
  const scripts = useScripts()
  if (!scripts || !('PublicKeyCredential' in window) || !PublicKeyCredential.parseRequestOptionsFromJSON) return null

  async function signIn() {
    setFailed(false)
    try {
      const options = await fetch('/entrar/chave').then((answer) => answer.json())
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
      const found = await navigator.credentials.get({ publicKey })
      if (!(found instanceof PublicKeyCredential)) return
      const fields = { volta: back, resposta: JSON.stringify(found.toJSON()) }
      await submit(fields, { method: 'post', action: '/entrar/chave' })
    } catch {
      setFailed(true)
    }
  }
  return (
    <div className="mt-3">
      <Button type="button" kind="plain" wide onClick={signIn}>
        <Icon name="key" />
        {texts.passkey}
      </Button>
      {hasFailed && (
        <p role="alert" className="mt-2 text-sm text-red">
          {texts.passkeyFailed}
        </p>
      )}
    </div>
  )
}
