/** Has the device make a passkey, and keeps it. */
import { useState } from 'react'
import { useSubmit } from 'react-router'
import { account } from '../../texts/account.pt-br.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useScripts } from '../../ui/scripts.ts'

const texts = account.security

export function NewPasskey() {
  const [hasFailed, setFailed] = useState(false)
  const submit = useSubmit()
  const scripts = useScripts()
  if (!scripts || !('PublicKeyCredential' in window) || !PublicKeyCredential.parseCreationOptionsFromJSON) return null

  async function make() {
    setFailed(false)
    try {
      const options = await fetch('/conta/seguranca/chave').then((answer) => answer.json())
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
      const made = await navigator.credentials.create({ publicKey })
      if (!(made instanceof PublicKeyCredential)) return
      await submit({ quer: 'criar-chave', resposta: JSON.stringify(made.toJSON()) }, { method: 'post' })
    } catch {
      setFailed(true)
    }
  }
  return (
    <div className="mt-4">
      <Button type="button" kind="plain" onClick={make}>
        <Icon name="key" />
        {texts.addPasskey}
      </Button>
      {hasFailed && (
        <p role="alert" className="mt-2 text-sm text-red">
          {texts.passkeyFailed}
        </p>
      )}
    </div>
  )
}
