import { exp, log, pow } from '@counterpoise/engine'
import { incompleteBeta } from './incompleteBeta.ts'

/**
 * Stale share where every block reaches everybody else after the same delay and miners are many and
 * small: LD / (1 + LD) for L·D = blocks found per delay. Exact, by renewal: the first block of a
 * height is followed by Poisson(LD) rivals.
 */
export function staleShare(blocksPerDelay: number): number {
  return blocksPerDelay / (1 + blocksPerDelay)
}

/**
 * The delay after which everybody else would have to hear of a block to explain a stale share, in
 * the unit of the interval: the inverse of `staleShare`. With `concentration`, the sum of the
 * squared shares of the hash rate, it allows for miners that know their own blocks at once; to
 * first order in the delay.
 */
export function effectiveDelay(share: number, interval: number, concentration = 0): number {
  return (interval * share) / (1 - share) / (1 - concentration)
}

/**
 * Blocks of the chain per block interval under the same assumptions: 1 / (1 + LD). What the blocks
 * found in excess of the chain's are stale.
 */
export function chainGrowth(blocksPerDelay: number): number {
  return 1 / (1 + blocksPerDelay)
}

/**
 * Probability that a block meets a rival, when a share f(t) of the hash rate knows it t seconds
 * after it was found and `unawareSeconds` = ∫ (1 − f(t)) dt.
 *
 * @see C. Decker and R. Wattenhofer, Information Propagation in the Bitcoin Network, 2013.
 */
export function forkProbability(unawareSeconds: number, intervalSeconds: number): number {
  return 1 - exp(unawareSeconds * log(1 - 1 / intervalSeconds))
}

/**
 * Probability that an attacker with share `q` of the hash rate ever overtakes `z` confirmations,
 * in Nakamoto's approximation (Poisson), as in section 11 of the white paper.
 */
export function doubleSpendNakamoto(q: number, z: number): number {
  const p = 1 - q
  if (q >= p) return 1
  const mean = (z * q) / p
  let term = exp(-mean)
  let failure = 0
  for (let k = 0; k <= z; k++) {
    if (k > 0) term *= mean / k
    failure += term * (1 - pow(q / p, z - k))
  }
  return 1 - failure
}

/**
 * The exact probability for an attacker who starts level when the payment is made and overtakes by
 * drawing level (M. Rosenfeld, Analysis of Hashrate-Based Double-Spending, 2014; the same as
 * I(4pq; z, 1/2) of C. Grunspan and R. Pérez-Marco): negative binomial instead of Poisson.
 */
export function doubleSpend(q: number, z: number): number {
  const p = 1 - q
  if (q >= p || z === 0) return 1
  /** P(the attacker has found k blocks when the honest miners have found z). */
  let term = pow(p, z)
  let failure = 0
  for (let k = 0; k < z; k++) {
    if (k > 0) term *= (q * (z + k - 1)) / k
    failure += term * (1 - pow(q / p, z - k))
  }
  return 1 - failure
}

/**
 * The same as `doubleSpend`, as C. Grunspan and R. Pérez-Marco write it (Double Spend Races, 2018):
 * the regularised incomplete beta function I(4pq; z, 1/2).
 */
export function doubleSpendBeta(q: number, z: number): number {
  if (q >= 0.5 || z === 0) return 1
  return incompleteBeta(4 * q * (1 - q), z, 0.5)
}

/**
 * Probability that an attacker with share `q` gets ahead of a payment with `z` confirmations when
 * it has `lead` blocks in hand as it pays. With 1 it is `doubleSpend`; with 0 it has to overtake.
 */
export function doubleSpendWithLead(q: number, z: number, lead: number): number {
  const p = 1 - q
  if (q >= p) return 1
  let term = pow(p, z)
  let failure = 0
  for (let k = 0; k + lead <= z; k++) {
    if (k > 0) term *= (q * (z + k - 1)) / k
    failure += term * (1 - pow(q / p, z + 1 - lead - k))
  }
  return 1 - failure
}

/**
 * Share of the chain's blocks that a selfish miner (SM1) with share `a` of the hash rate gets when
 * a share `g` of the honest miners mines on its block in a tie.
 *
 * @see I. Eyal and E. G. Sirer, Majority Is Not Enough, 2014, equation 8.
 */
export function selfishRevenue(a: number, g: number): number {
  const honest = 1 - a
  const numerator = a * honest * honest * (4 * a + g * (1 - 2 * a)) - a * a * a
  return numerator / (1 - a * (1 + (2 - a) * a))
}

/**
 * Blocks of the chain for each block that is found while a selfish miner (SM1) with share `a` of
 * the hash rate is at work, whoever wins the ties: by so much the chain slows down until the
 * difficulty follows. Of the same states as the share.
 *
 * @see I. Eyal and E. G. Sirer, Majority Is Not Enough, 2014, equations 6 and 7, summed.
 */
export function selfishGrowth(a: number): number {
  return (1 - a * (1 + (2 - a) * a)) / (1 - a * a * (4 - 2 * a))
}

/** The share of the hash rate above which selfish mining (SM1) pays. */
export function selfishThreshold(g: number): number {
  return (1 - g) / (3 - 2 * g)
}

/**
 * Mean time between blocks that Bitcoin's retarget settles at under a constant hash rate, seconds:
 * the interval times N / (N − 2), since N − 1 intervals are measured against N, and the mean of
 * the reciprocal of their sum exceeds the reciprocal of its mean.
 */
export function retargetedInterval(intervalSeconds: number, blocks = 2016): number {
  return (intervalSeconds * blocks) / (blocks - 2)
}

/** P(`count` blocks take longer than `span`), both times in the same unit: Erlang's tail. */
export function waitLongerThan(span: number, interval: number, count = 1): number {
  const mean = span / interval
  let term = exp(-mean)
  let sum = term
  for (let k = 1; k < count; k++) {
    term *= mean / k
    sum += term
  }
  return sum
}
