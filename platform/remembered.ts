/** An answer that many ask for: it is found out at most once in so many milliseconds, and callers meanwhile share it. */
export function remembered<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly answer: Promise<T>; readonly until: number } | undefined
  return () => {
    const now = performance.now()
    if (!last || now >= last.until) last = { answer: ask(), until: now + ms }
    return last.answer
  }
}
