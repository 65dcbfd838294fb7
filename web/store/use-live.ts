/** Keeps a page up to date: each event runs its loader again. Without a stream, the clock does. */
import { useEffect, useRef } from 'react'
import { type ClientLoaderFunctionArgs, isRouteErrorResponse, useRevalidator } from 'react-router'

/** Milliseconds between two looks while no stream is open. */
const LOOK_EVERY_MS = 5_000

export function useLive(path: string, isOn: boolean): void {
  const { revalidate } = useRevalidator()
  const ask = useRef(revalidate)
  ask.current = revalidate

  useEffect(() => {
    if (!isOn) return
    const look = () => void ask.current()
    let isOver = false
    const finish = () => {
      isOver = true
      stream.close()
    }
    const open = () => {
      const opened = new EventSource(path)
      for (const kind of ['transition', 'saga', 'end', 'session']) opened.addEventListener(kind, look)
      for (const kind of ['end', 'session']) opened.addEventListener(kind, finish)
      return opened
    }
    let stream = open()
    // a stream that was open before the network went may look open for ever, and tell nothing
    const reopen = () => {
      look()
      if (isOver) return
      stream.close()
      stream = open()
    }
    const timer = setInterval(() => {
      if (stream.readyState !== EventSource.OPEN && navigator.onLine) look()
    }, LOOK_EVERY_MS)
    addEventListener('online', reopen)
    return () => {
      stream.close()
      clearInterval(timer)
      removeEventListener('online', reopen)
    }
  }, [path, isOn])
}

/** A page's `clientLoader`: when a request fails on the network, or the shop is too busy, it shows the last seen data and no error. */
export function lastSeen<Data>() {
  let seen: { readonly path: string; readonly data: Awaited<Data> } | undefined
  const look = async ({ request, serverLoader }: ClientLoaderFunctionArgs): Promise<Awaited<Data>> => {
    const path = new URL(request.url).pathname
    try {
      const data = (await serverLoader()) as Awaited<Data>
      seen = { path, data }
      return data
    } catch (error) {
      const isAnswer = error instanceof Response || isRouteErrorResponse(error)
      if ((isAnswer && !MAY_PASS.includes(error.status)) || seen?.path !== path) throw error
      return seen.data
    }
  }
  return Object.assign(look, { hydrate: true as const }) // the page’s first data counts as seen
}

/** Answers that another try may not get: the page looks again by itself. */
const MAY_PASS: readonly number[] = [429, 500, 502, 503, 504]
