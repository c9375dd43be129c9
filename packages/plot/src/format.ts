import { type Estimate, marginsOf, scaledEstimate } from '@counterpoise/lab'

/** A number to show: exact, an estimate over replications, or `null` where nothing was measured. */
export type Measured = number | Estimate | null | undefined

/** What stands where there is nothing to measure. */
export const nothing = '–'

/** A duration in the unit a reader thinks in: `612 ms`, `12.8 s`, `34.2 min`, `3.1 h`, `2.5 d`. */
export const formatMs = (ms: Measured): string => withUnit(ms, durationUnits)

/** An amount of dollars, to the fractions of a cent where it needs them: `$0.0012`, `$1,234`. */
export const formatUsd = (usd: Measured): string => {
  const value = toEstimate(usd)
  if (value === null) return nothing
  const sign = value.mean < 0 ? '−' : ''
  const [mean, margin] = [Math.abs(value.mean), finest(value)]
  if (mean > 0 && mean < 1e-6 && margin < 1e-6) return `${sign}<$0.000001`
  const decimals = Math.min(6, decimalsFor(mean, margin, mean >= 0.095 && mean < 1000 ? 2 : 0))
  if (margin > 0) return `${sign}$${fixed(mean, decimals)}${marginText(value, decimals)}`
  return `${sign}$${fixed(mean, decimals).replace(/(\.\d\d\d*?)0+$/, '$1')}`
}

/** A number of things, with commas: `12,345`; means keep a decimal or two while they are small. */
export const formatCount = (count: Measured): string => withUnit(count, [{ size: 1, unit: '' }])

/** A rate: `4.98/s`. */
export const formatRate = (perSecond: Measured): string =>
  withUnit(perSecond, [{ size: 1, unit: '/s' }])

/** An energy: `0.52 mWh`, `31 Wh`, `871 kWh`. */
export const formatWh = (wh: Measured): string => withUnit(wh, prefixed('Wh'))

/** A power: `740 W`, `16.2 GW`. */
export const formatWatts = (watts: Measured): string => withUnit(watts, prefixed('W'))

/**
 * A share of one, as per cent: `12.3 %`, `0.04 %`. Where its interval would reach beyond none or
 * all, each side has its own margin: `99.8 +0.2 −0.4 %`.
 */
export const formatShare = (share: Measured): string => {
  const value = toEstimate(share)
  if (value === null) return nothing
  const inPercent = scaledEstimate(value, (share) => share * 100)
  const { mean } = inPercent
  const fine = finest(inPercent)
  // What is not quite all or nothing must not be rounded to it.
  if (fine === 0 && mean < 100 && mean > 99.95) return '>99.9 %'
  if (fine === 0 && mean > 0 && mean < 0.005) return '<0.01 %'
  const ofMean =
    mean === 0 || (Number.isInteger(mean) && fine === 0) ? 0 : Math.abs(mean) < 0.095 ? 2 : 1
  if (fine === 0) return `${fixed(mean, ofMean)} %`
  // So fine that the shorter side is seen too: 99.98 % is not all.
  const decimals = Math.max(ofMean, Math.min(4, -exponentOf(fine)))
  return `${fixed(mean, decimals)}${marginText(inPercent, decimals)} %`
}

/** How many times as much: `3.2 times`, `5,700 times`. */
export const formatFactor = (factor: number): string =>
  `${fixed(roundTo(factor, 2), factor < 9.95 ? 1 : 0)} times`

/** The number with all its digits, for titles and data: `611.8374 ± 13.2`, `0.9 (0.7 to 1)`. */
export const formatExact = (measured: Measured): string => {
  const value = toEstimate(measured)
  if (value === null) return ''
  const { mean, ci95, low, high } = value
  const { up, down } = marginsOf(value)
  if (up !== down) return `${mean} (${low} to ${high})`
  return up > 0 ? `${mean} ± ${ci95}` : String(mean)
}

/** A measured number as an estimate, without an interval where it is exact or unknown. */
export const toEstimate = (measured: Measured): Known | null => {
  if (measured === null || measured === undefined) return null
  if (typeof measured === 'number') return Number.isFinite(measured) ? exactly(measured) : null
  const { mean, ci95, low, high } = measured
  if (!Number.isFinite(mean)) return null
  if (ci95 === null || !Number.isFinite(ci95) || ci95 <= 0) return exactly(mean)
  return low === undefined || high === undefined ? { mean, ci95 } : { mean, ci95, low, high }
}

/** An estimate whose margin is 0 where none is known. */
export type Known = Estimate & { ci95: number }

export const exactly = (mean: number): Known => ({ mean, ci95: 0 })

/** The shorter side of an interval that reaches to one side at least; 0 without an interval. */
const finest = (value: Estimate): number => {
  const { up, down } = marginsOf(value)
  return Math.min(up || down, down || up)
}

/** ` ± 13`, or ` +13 −2` where the interval is longer on one side; nothing where there is none. */
const marginText = (value: Estimate, decimals: number): string => {
  const { up, down } = marginsOf(value)
  const text = (side: number): string => (side > 0 ? marginOf(side, decimals) : '0')
  if (up === down) return up === 0 ? '' : ` ± ${text(up)}`
  return ` +${text(up)} −${text(down)}`
}

type Unit = {
  size: number
  unit: string
  /** The value from which the unit is used, where that is not its size. */
  from?: number
}

const durationUnits: readonly Unit[] = [
  { size: 1, unit: ' ms' },
  { size: 1_000, unit: ' s' },
  { size: 60_000, unit: ' min' },
  { size: 3_600_000, unit: ' h' },
  { size: 86_400_000, unit: ' d', from: 2 * 86_400_000 },
]

const prefixed = (unit: string): readonly Unit[] =>
  ['µ', 'm', '', 'k', 'M', 'G', 'T'].map((prefix, index) => ({
    size: [1e-6, 1e-3, 1, 1e3, 1e6, 1e9, 1e12][index] ?? 1,
    unit: ` ${prefix}${unit}`,
  }))

const withUnit = (measured: Measured, units: readonly Unit[]): string => {
  const value = toEstimate(measured)
  if (value === null) return nothing
  const { size, unit } = unitFor(Math.abs(value.mean), units)
  const inUnit = scaledEstimate(value, (each) => each / size)
  const mean = Math.abs(inUnit.mean)
  const decimals = decimalsFor(mean, finest(inUnit), 0)
  const sign = value.mean < 0 ? '−' : ''
  return `${sign}${fixed(mean, decimals)}${marginText(inUnit, decimals)}${unit}`
}

/** The largest unit that leaves a digit before the point; days only from the second on. */
const unitFor = (value: number, units: readonly Unit[]): Unit => {
  const smallest = units[0] ?? { size: 1, unit: '' }
  if (value === 0) return units.find(({ size }) => size === 1) ?? smallest
  // 999.6 ms would be shown as 1000 ms: it is a second.
  return units.findLast(({ size, from = size }) => value >= from * 0.9995) ?? smallest
}

/** Decimals that leave three digits of the value, and one digit of its margin. */
const decimalsFor = (value: number, margin: number, least: number): number => {
  const ofValue = Number.isInteger(value) && margin === 0 ? 0 : 2 - exponentOf(value)
  const ofMargin = margin > 0 ? -exponentOf(margin) : 0
  return Math.min(12, Math.max(least, ofValue, Math.min(ofMargin, ofValue + 3), 0))
}

/** The power of ten of the leading digit: 2 for 612, −3 for 0.0012. */
const exponentOf = (value: number): number =>
  value === 0 ? 0 : Number(value.toExponential(2).split('e')[1])

const roundTo = (value: number, digits: number): number => Number(value.toPrecision(digits))

/** A margin above 0; what would be rounded to 0 is less than the last digit. */
const marginOf = (ci95: number, decimals: number): string => {
  const text = fixed(ci95, decimals)
  return /[1-9]/.test(text) ? text : `<${fixed(10 ** -decimals, decimals)}`
}

/** Fixed decimals, and commas between thousands. */
const fixed = (value: number, decimals: number): string => {
  const [whole = '0', fraction] = value.toFixed(decimals).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}
