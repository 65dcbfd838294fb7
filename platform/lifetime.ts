/**
 * How long something may be used that others gave for a time, such as a token. Two clocks count. The wall clock, by which
 * others judge, jumps when a machine wakes or is set; the steady clock stands still while a machine sleeps. The time is over
 * when either clock says so, and also when the wall clock shows a time before the thing was given.
 */
export function lifetime(ms: number): () => boolean {
  const [wall, steady] = [Date.now(), performance.now()]
  return () => {
    const passed = Date.now() - wall
    return passed >= 0 && passed < ms && performance.now() - steady < ms
  }
}
