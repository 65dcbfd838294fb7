/**
 * How long something may be used that others gave for a time. Two clocks tell: the wall clock jumps when a machine wakes or is
 * set, and is the one by which others judge; the steady one stands still while a machine sleeps. What is over by either is over,
 * and so is what was given in a time that has not come yet.
 */
export function lifetime(ms: number): () => boolean {
  const [wall, steady] = [Date.now(), performance.now()]
  return () => {
    const passed = Date.now() - wall
    return passed >= 0 && passed < ms && performance.now() - steady < ms
  }
}
