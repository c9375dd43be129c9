/** Virtual time or a span of it: an integer number of microseconds, exact for 285 years. */
export type Time = number

export const microseconds = (count: number): Time => Math.round(count)
export const ms = (count: number): Time => Math.round(count * 1_000)
export const seconds = (count: number): Time => Math.round(count * 1_000_000)
export const minutes = (count: number): Time => Math.round(count * 60_000_000)
export const hours = (count: number): Time => Math.round(count * 3_600_000_000)
export const days = (count: number): Time => Math.round(count * 86_400_000_000)

/** A span of virtual time in milliseconds, for figures and tables. */
export const toMs = (time: Time): number => time / 1_000
/** A span of virtual time in seconds, for figures and tables. */
export const toSeconds = (time: Time): number => time / 1_000_000

const units: Readonly<Record<string, number>> = {
  us: 1,
  µs: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
}

/**
 * Reads a span such as `250ms`, `12s`, `10m`, `1.5h`, `2d`, `1h30m` or `1h 30m`; fractions of a
 * microsecond are rounded.
 *
 * @returns the span in microseconds, or `undefined` where the text is no span.
 */
export function parseDuration(text: string): Time | undefined {
  const pattern = /(\d+(?:\.\d+)?)(us|µs|ms|min|s|m|h|d)(?: (?=\d))?/gy
  let total = 0
  let end = 0
  for (let part = pattern.exec(text); part !== null; part = pattern.exec(text)) {
    total += Math.round(Number(part[1]) * units[part[2]!]!)
    end = pattern.lastIndex
  }
  return end === text.length && end > 0 && Number.isSafeInteger(total) ? total : undefined
}

/** A span for people: `1h 02m`, `12.5s`, `250ms`. */
export function formatDuration(time: Time): string {
  if (time < 0) return `-${formatDuration(-time)}`
  if (time < 1_000_000) return `${Number((time / 1_000).toFixed(3))}ms`
  if (time < 59_995_000) return `${Number((time / 1_000_000).toFixed(2))}s`
  const total = Math.round(time / 1_000_000)
  const [d, h, m, s] = [
    Math.floor(total / 86_400),
    Math.floor(total / 3_600) % 24,
    Math.floor(total / 60) % 60,
    total % 60,
  ]
  const two = (value: number): string => String(value).padStart(2, '0')
  if (d > 0) return h + m === 0 ? `${d}d` : `${d}d ${two(h)}h ${two(m)}m`
  if (h > 0) return m + s === 0 ? `${h}h` : `${h}h ${two(m)}m${s === 0 ? '' : ` ${two(s)}s`}`
  return s === 0 ? `${m}m` : `${m}m ${two(s)}s`
}
