/**
 * Shifts this process's clock: every `Date` is wrong, by CLOCK_SHIFT_MS where it is loaded before a service (`node --import`), and by
 * `shiftClock` while a test runs. The product has no such switch. Timers and `performance.now()` are not affected: they count the
 * time that passes, not the time that the clock shows.
 */
let shift = Number(process.env.CLOCK_SHIFT_MS ?? 0)

const RightDate = Date
globalThis.Date = new Proxy(RightDate, {
  construct(target, args, wanted) {
    return Reflect.construct(target, args.length === 0 ? [target.now() + shift] : args, wanted)
  },
  apply: (target) => new target(target.now() + shift).toString(),
  get(target, name) {
    return name === 'now' ? () => target.now() + shift : Reflect.get(target, name)
  },
})

/** While it runs, too: at SIGUSR2 it jumps by CLOCK_JUMP_MS, and a few seconds later back, as when somebody saw it and set it right. */
const jump = Number(process.env.CLOCK_JUMP_MS ?? 0)
const JUMP_FOR_MS = 4_000
if (jump !== 0) {
  const before = shift
  process.on('SIGUSR2', () => {
    shift = before + jump
    setTimeout(() => {
      shift = before
    }, JUMP_FOR_MS).unref()
  })
}

/** Shifts the clock to this many milliseconds ahead of the right time, or behind it. */
export function shiftClock(ms: number): void {
  shift = ms
}
