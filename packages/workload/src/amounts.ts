import { exp, lognormal, type Stream } from '@counterpoise/engine'
import { usd, type MicroUsd } from '@counterpoise/ledger'
import { expectThat } from './errors.ts'

/** How much a payment is over. */
export type Amounts = {
  /** One amount: a whole number of millionths of a dollar, at least 1. */
  draw: (stream: Stream) => MicroUsd
  /** The mean of the distribution, US dollars, before rounding and before the smallest amount. */
  meanUsd: number
}

/** What `lognormalAmounts` takes: the mean or the median, and the spread. */
export type LognormalAmountsOptions = {
  /** Standard deviation of the logarithm, at least 0. */
  sigma: number
  /** What is drawn below is raised to it, US dollars; one cent unless given. */
  minimumUsd?: number | undefined
} & (
  | { /** US dollars. */ meanUsd: number; medianUsd?: undefined }
  | { /** US dollars. */ medianUsd: number; meanUsd?: undefined }
)

/**
 * Amounts from a lognormal distribution, one draw each: mean = median · exp(`sigma`² / 2).
 *
 * @example
 * // US general-purpose cards in 2022: USD 63.7 on average (Federal Reserve Payments Study).
 * lognormalAmounts({ meanUsd: 63.7, sigma: 1.2 })
 */
export function lognormalAmounts(options: LognormalAmountsOptions): Amounts {
  const { sigma, minimumUsd = 0.01 } = options
  const part = 'lognormalAmounts'
  expectThat(sigma >= 0 && Number.isFinite(sigma), part, 'a finite sigma of at least 0', sigma)
  const half = exp((sigma * sigma) / 2)
  const given = options.medianUsd ?? options.meanUsd
  expectThat(isDollars(given), part, 'a mean or median above 0', given)
  expectThat(isDollars(minimumUsd), part, 'a smallest amount above 0', minimumUsd)
  const median = options.medianUsd ?? options.meanUsd / half
  expectThat(median > 0, part, 'a sigma for which the median is above 0', sigma)
  const least = Math.max(1, usd(minimumUsd))
  return {
    draw: (stream) => {
      const amount = usd(lognormal(stream, median, sigma))
      return Math.min(Math.max(amount, least), Number.MAX_SAFE_INTEGER)
    },
    meanUsd: median * half,
  }
}

/** The same amount every time, US dollars, rounded to the millionth; draws nothing. */
export function constantAmounts(dollars: number): Amounts {
  const isPayable = isDollars(dollars) && usd(dollars) >= 1
  expectThat(isPayable, 'constantAmounts', 'an amount of at least a millionth of a dollar', dollars)
  const amount = usd(dollars)
  return { draw: () => amount, meanUsd: dollars }
}

/** Above nothing, and within what integer money holds. */
const isDollars = (value: number): boolean => value > 0 && value <= 9_000_000_000
