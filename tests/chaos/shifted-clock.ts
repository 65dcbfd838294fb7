/**
 * Loaded before a service (`node --import`), it sets that process's clock wrong by CLOCK_SHIFT_MS: every `Date`, whoever asks. The
 * product has no such switch. Timers run on: they count what passes, and not what the clock shows.
 */
const shift = Number(process.env.CLOCK_SHIFT_MS ?? 0)

if (shift !== 0) {
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
}
