/** The Pix code to scan or to copy, and the time left to pay. */
import { useEffect, useState } from 'react'
import { useLoaderData, useRouteLoaderData } from 'react-router'
import type { Saga } from '../../clients/typescript/operations.ts'
import { cnpj, hour } from '../formats.ts'
import type { RootData } from '../root-data.ts'
import { purchase as texts } from '../texts/purchase.pt-br.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Price } from '../ui/price.tsx'
import { useScripts } from '../ui/scripts.ts'

const SOON_S = 5 * 60

export function PixCard({ saga }: { readonly saga: Saga }) {
  const { transaction_id, amount, context, created_at } = saga
  const { pix_copy_paste = '', expires_at = created_at } = context
  const shop = (useRouteLoaderData('root') as RootData | undefined)?.shop
  const words = texts.pixCard
  return (
    <section className="panel overflow-hidden border-t-6 border-t-pix p-5 lg:px-6">
      <div className="flex items-end justify-between gap-4">
        <div>
          <p className="text-sm text-muted">{words.until(hour(expires_at))}</p>
          <Countdown until={expires_at} since={created_at} />
        </div>
        <div className="text-right">
          <p className="mb-2 text-sm text-muted">{words.value}</p>
          <Price reais={amount} cents className="text-[22px]" />
        </div>
      </div>
      <Bar until={expires_at} since={created_at} />
      <div className="mx-auto mt-5 max-w-[264px] rounded-control border border-line bg-white p-4">
        <img
          src={`/compra/${transaction_id}/pix.svg`}
          alt={words.qr}
          width={264}
          height={264}
          className="block h-auto w-full"
        />
      </div>
      <p className="mt-3 text-center text-sm text-muted">{words.camera}</p>
      <label className="mt-4 block text-sm">
        <span className="sr-only">{words.codeLabel}</span>
        <input
          readOnly
          value={pix_copy_paste}
          className="w-full truncate rounded-control bg-sunken px-3.5 py-3 text-[13px] text-muted"
        />
      </label>
      <Copy text={pix_copy_paste} />
      {shop && <p className="mt-4 text-sm text-muted">{words.receiver(shop.legalName, cnpj(shop.cnpj))}</p>}
    </section>
  )
}

/** Seconds left, by the server's clock when the page was made, then by this device's. */
function useSecondsLeft(until: string): number {
  const { now } = useLoaderData<{ now: number }>()
  const left = (at: number) => Math.max(0, Math.round((Date.parse(until) - at) / 1_000))
  const [seconds, setSeconds] = useState(() => left(now))
  useEffect(() => {
    const began = performance.now()
    const tick = () => setSeconds(left(now + performance.now() - began))
    const timer = setInterval(tick, 1_000)
    return () => clearInterval(timer)
  })
  return seconds
}

function Countdown({ until }: { readonly until: string; readonly since: string }) {
  const seconds = useSecondsLeft(until)
  const minutes = Math.floor(seconds / 60)
  const told = [10, 5, 1].includes(Math.ceil(seconds / 60)) && seconds % 60 === 0
  return (
    <>
      <p
        aria-hidden="true"
        className={`display mt-1 text-[44px] leading-none tracking-tight tabular-nums ${seconds <= SOON_S ? 'text-amber' : ''}`}
      >
        {String(minutes).padStart(2, '0')}:{String(seconds % 60).padStart(2, '0')}
      </p>
      <p role="status" className="sr-only">
        {told ? texts.pixCard.left(Math.ceil(seconds / 60)) : ''}
      </p>
      {seconds === 0 && <p className="mt-2 text-sm text-amber-ink">{texts.pixCard.ended}</p>}
    </>
  )
}

function Bar({ until, since }: { readonly until: string; readonly since: string }) {
  const seconds = useSecondsLeft(until)
  const whole = Math.max(1, (Date.parse(until) - Date.parse(since)) / 1_000)
  return (
    <svg
      viewBox="0 0 100 2"
      preserveAspectRatio="none"
      aria-hidden="true"
      className="mt-3 block h-1.5 w-full overflow-hidden rounded-full"
    >
      <rect width="100" height="2" className="fill-line" />
      <rect width={Math.min(100, (seconds / whole) * 100)} height="2" className="fill-pix" />
    </svg>
  )
}

function Copy({ text }: { readonly text: string }) {
  const [isCopied, setCopied] = useState(false)
  const scripts = useScripts()
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [isCopied])
  if (!scripts) return null
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true))
  return (
    <div className="mt-3">
      <Button type="button" size="big" wide onClick={copy}>
        <Icon name={isCopied ? 'check' : 'copy'} />
        <span aria-live="polite">{isCopied ? texts.pixCard.copied : texts.pixCard.copy}</span>
      </Button>
    </div>
  )
}
