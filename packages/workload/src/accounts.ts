import { createZipf, pow, type Stream } from '@counterpoise/engine'
import { expectThat } from './errors.ts'

/** Who pays whom, by account number from 0. */
export type Accounts = {
  /** How many accounts there are. */
  count: number
  /** A payer, other than the account given. */
  payer: (stream: Stream, except?: number) => number
  /** A payee, other than the account given. */
  payee: (stream: Stream, except?: number) => number
}

/** What `zipfAccounts` takes. */
export type ZipfAccountsOptions = {
  /** Number of accounts, at least 2. */
  count: number
  /** Skew of paying: P(account k) ∝ (k + 1)^−exponent; 0, all alike, unless given. */
  payerExponent?: number | undefined
  /** Skew of being paid; 0, all alike, unless given. */
  payeeExponent?: number | undefined
}

/**
 * Accounts by Zipf's law. Account 0 is the busiest on both sides: hubs pay and are paid. A payee
 * that equals the payer is drawn again from the other accounts, in their proportions.
 */
export function zipfAccounts(options: ZipfAccountsOptions): Accounts {
  const { count, payerExponent = 0, payeeExponent = 0 } = options
  const isCount = Number.isSafeInteger(count) && count >= 2 && count <= accountsMax
  expectThat(isCount, 'zipfAccounts', `a whole number of accounts, 2 to ${accountsMax}`, count)
  const payer = createSide(count, payerExponent)
  const same = payeeExponent === payerExponent
  return { count, payer, payee: same ? payer : createSide(count, payeeExponent) }
}

/** As many as the tables of a sampler may reasonably hold. */
const accountsMax = 16_777_216

function createSide(count: number, exponent: number): Accounts['payer'] {
  const isExponent = exponent >= 0 && exponent <= 20
  expectThat(isExponent, 'zipfAccounts', 'an exponent from 0 to 20', exponent)
  const draw = createZipf(count, exponent)
  let cumulative: Float64Array | undefined
  return (stream, except = -1) => {
    const account = draw(stream)
    if (account !== except) return account
    cumulative ??= cumulate(count, exponent)
    return drawOther(stream, cumulative, except)
  }
}

/** Sums of the weights from the last account to each, so that small weights are not lost. */
function cumulate(count: number, exponent: number): Float64Array {
  const sums = new Float64Array(count + 1)
  for (let account = count - 1; account >= 0; account--) {
    sums[account] = sums[account + 1]! + pow(account + 1, -exponent)
  }
  return sums
}

/** Draws in proportion to the weights with one account left out, by inversion in one draw. */
function drawOther(stream: Stream, sums: Float64Array, except: number): number {
  const count = sums.length - 1
  const after = sums[except + 1]!
  const before = sums[0]! - sums[except]!
  // Measured from the last account: first what follows the exception, then what precedes it.
  const drawn = stream.uniform() * (after + before)
  const level = drawn < after ? drawn : drawn - after + sums[except]!
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sums[middle]! > level) low = middle + 1
    else high = middle
  }
  // Rounding may lift the level to the sum of all, which is past account 0.
  return Math.max(low - 1, 0)
}
