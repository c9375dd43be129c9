import { ms, type Time } from '@counterpoise/engine'
import type { SimplexParameters } from './parameters.ts'

/** What a bound on the time until a decision depends on besides the parameters. */
export type LivenessPremise = {
  /** The longest delay of a message once the network is good, µs. */
  delayMax: Time
  /** Views that are given up meanwhile: their leaders are faulty, or behind. */
  lostViews: number
  /** The longest execution of a block, µs. */
  validationMax?: Time | undefined
}

/**
 * How long it takes at most, once the network is good and at most f members are faulty, until all
 * others hold something new for final, µs:
 *
 *     t_r + Δ  +  (k + 1)·(max(t_l, t_a) + Δ)  +  t_f + 2Δ  +  B + V + 4Δ
 *
 * With the next retry (t_r) of those who are stuck, everybody hears of the highest view (Δ). The
 * view that the network finds itself in and k more end by their timeouts. What is missing is
 * fetched, one request of which may go to a member that is down (t_f + 2Δ). Then a leader that all
 * follow within Δ proposes after the build budget B; its block is executed (V) and final after
 * three delays.
 *
 * With random leaders, more than k views are lost with a probability of (f/n)^(k+1).
 */
export function livenessBound(parameters: SimplexParameters, premise: LivenessPremise): Time {
  const { buildBudgetMs, certificationTimeoutMs, fetchTimeoutMs } = parameters
  const { leaderTimeoutMs, nullifyRetryMs } = parameters
  const { delayMax, lostViews, validationMax = 0 } = premise
  const view = ms(Math.max(leaderTimeoutMs, certificationTimeoutMs)) + delayMax
  return (
    ms(nullifyRetryMs) +
    delayMax +
    (lostViews + 1) * view +
    ms(fetchTimeoutMs) +
    2 * delayMax +
    ms(buildBudgetMs) +
    validationMax +
    4 * delayMax
  )
}
