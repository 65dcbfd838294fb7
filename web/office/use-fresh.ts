/** Reads a page's data again from time to time, while somebody looks at it and nothing is being sent. */
import { useEffect, useRef } from 'react'
import { useNavigation, useRevalidator } from 'react-router'

export function useFresh(everyMs: number): void {
  const { state, revalidate } = useRevalidator()
  const isIdle = useNavigation().state === 'idle' && state === 'idle'
  const ask = useRef(() => {})
  ask.current = () => {
    if (isIdle && document.visibilityState === 'visible' && navigator.onLine) void revalidate()
  }
  useEffect(() => {
    const timer = setInterval(() => ask.current(), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
}
