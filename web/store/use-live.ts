/** Keeps a page as the server knows it: at each event its loader is asked again. Without a stream, it asks by the clock. */
import { useEffect, useRef } from 'react'
import { useRevalidator } from 'react-router'

/** Milliseconds between two looks while no stream is open. */
const LOOK_EVERY_MS = 5_000

export function useLive(path: string, isOn: boolean): void {
  const { revalidate } = useRevalidator()
  const ask = useRef(revalidate)
  ask.current = revalidate

  useEffect(() => {
    if (!isOn) return
    const stream = new EventSource(path)
    const look = () => void ask.current()
    for (const kind of ['transition', 'saga', 'end', 'session']) stream.addEventListener(kind, look)
    stream.addEventListener('end', () => stream.close())
    stream.addEventListener('session', () => stream.close())
    const timer = setInterval(() => {
      if (stream.readyState !== EventSource.OPEN && navigator.onLine) look()
    }, LOOK_EVERY_MS)
    addEventListener('online', look)
    return () => {
      stream.close()
      clearInterval(timer)
      removeEventListener('online', look)
    }
  }, [path, isOn])
}
