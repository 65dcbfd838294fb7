/** Sends a car to somebody: the phone's own way where there is one, else the address is copied. */
import { useState } from 'react'
import { texts } from '../texts/index.ts'
import { Icon } from '../ui/icon.tsx'
import { useScripts } from '../ui/scripts.ts'

export function Share({ title, path }: { readonly title: string; readonly path: string }) {
  const [isCopied, setCopied] = useState(false)
  const scripts = useScripts()
  if (!scripts) return null

  async function share() {
    const url = location.origin + path
    if (navigator.share) return navigator.share({ title, url }).catch(() => {}) // closed without choosing
    await navigator.clipboard.writeText(url)
    setCopied(true)
  }
  return (
    <button
      type="button"
      onClick={share}
      className="mt-4 flex min-h-11 items-center gap-2 text-sm font-semibold text-accent hover:underline"
    >
      <Icon name={isCopied ? 'check' : 'share'} className="size-4" />
      <span aria-live="polite">{isCopied ? texts.vehicle.copied : texts.vehicle.share}</span>
    </button>
  )
}
