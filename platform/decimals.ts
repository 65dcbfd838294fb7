/**
 * Decimal numbers by the digits that were typed. Binary fractions only come near them: a tolerance would take 50000.0000009
 * for 50000, and a division would find that 50000000.19 is no multiple of 0.01.
 */

interface Decimal {
  /** Without zeros at either end, and without the sign. */
  readonly digits: string
  /** The exponent of the last digit: `12.5` is 125 with exponent -1. */
  readonly exponent: number
  readonly isNegative: boolean
}

/** As JSON has numbers. */
const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,6}))?$/

function decimalOf(text: string): Decimal | undefined {
  const [, sign, whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? []
  if (sign === undefined) return undefined
  const all = (whole + fraction).replace(/^0+/, '')
  const digits = all.replace(/0+$/, '')
  const exponent = digits === '' ? 0 : Number(power) - fraction.length + (all.length - digits.length)
  return { digits, exponent, isNegative: sign === '-' && digits !== '' }
}

/** The number that was typed; undefined when it is no number, or not all of its digits can be kept. */
export function numberTyped(text: string): number | undefined {
  const typed = decimalOf(text)
  const number = Number(text)
  const kept = typed && decimalOf(String(number))
  const isSame =
    kept?.digits === typed?.digits && kept?.exponent === typed?.exponent && kept?.isNegative === typed?.isNegative
  return typed && isSame ? number : undefined
}

/** Whether `number` is a whole multiple of `unit`, computed by decimal digits. */
export function isMultipleOf(unit: number, number: number): boolean {
  const [step, value] = [decimalOf(String(unit)), decimalOf(String(number))]
  if (!step || !value || step.digits === '') return false
  const lowest = Math.min(step.exponent, value.exponent)
  if (Math.max(step.exponent, value.exponent) - lowest > 400) return false // the largest distance of two doubles
  const scaled = ({ digits, exponent }: Decimal) => BigInt(digits || '0') * 10n ** BigInt(exponent - lowest)
  return scaled(value) % scaled(step) === 0n
}
