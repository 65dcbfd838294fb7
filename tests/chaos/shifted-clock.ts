/**
 * Loaded before a service (`node --import`), it shifts that process's clock by CLOCK_SHIFT_MS: every `Date` is wrong. The product has
 * no such switch. Timers are not affected: they count the time that passes, not the time that the clock shows.
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
