import { TempoError } from './forks.ts'

/** One directional pool; reserves in millionths of a token. */
export type FeePool = { userReserve: bigint; validatorReserve: bigint }

/** What a fee of `amountIn` yields: ⌊in · 0.9970⌋; the liquidity providers earn the spread. */
export const feeSwapOut = (amountIn: bigint): bigint =>
  (checked('fee', amountIn) * 9_970n) / 10_000n

/** What `amountOut` of the user's token costs who rebalances: ⌊out · 0.9985⌋ + 1. */
export const rebalanceIn = (amountOut: bigint): bigint =>
  (checked('rebalance', amountOut) * 9_985n) / 10_000n + 1n

/** Pools by pair. Every operation changes all that it should, or throws and changes nothing. */
export type FeeAmm = {
  pool: (userToken: string, validatorToken: string) => FeePool
  /** Adds reserves of the validator's token. */
  fund: (userToken: string, validatorToken: string, amount: bigint) => void
  /** Tokens on the way of a fee, ends included; undefined where liquidity lacks for it. */
  route: (userToken: string, validatorToken: string, maxFee: bigint) => string[] | undefined
  /** Swaps the fee that was used along a route; returns what the validator receives. */
  collect: (route: readonly string[], fee: bigint) => bigint
  /** Takes `amountOut` of the user's token; returns the validator's tokens paid for it. */
  rebalance: (userToken: string, validatorToken: string, amountOut: bigint) => bigint
  /** All reserves, to `load` again: a block that is left takes its fees along. */
  save: () => FeeAmmState
  load: (state: FeeAmmState) => void
}

/** Reserves of every pool in the order in which the pools came up: the user's, the validator's. */
export type FeeAmmState = readonly bigint[]

/** @param quoteOf the token that a token is quoted in, the middle of a route of two hops. */
export function createFeeAmm(quoteOf: (token: string) => string | undefined): FeeAmm {
  const pools: FeePool[] = []
  const byFirst = new Map<string, Map<string, FeePool>>()
  const pool = (from: string, to: string): FeePool => {
    const bySecond = byFirst.get(from) ?? new Map<string, FeePool>()
    const known = bySecond.get(to)
    if (known !== undefined) return known
    const created = { userReserve: 0n, validatorReserve: 0n }
    pools.push(created)
    byFirst.set(from, bySecond.set(to, created))
    return created
  }
  const holds = (from: string, to: string, out: bigint): boolean =>
    pool(from, to).validatorReserve >= out
  return {
    pool: (from, to) => ({ ...pool(from, to) }),
    fund: (from, to, amount) => {
      pool(from, to).validatorReserve += checked('liquidity', amount)
    },
    route: (from, to, maxFee) => {
      if (from === to) return [from]
      const first = feeSwapOut(maxFee)
      if (holds(from, to, first)) return [from, to]
      const middle = quoteOf(from)
      if (middle === undefined || middle === to || middle === from) return undefined
      const fits = holds(from, middle, first) && holds(middle, to, feeSwapOut(first))
      return fits ? [from, middle, to] : undefined
    },
    collect: (route, fee) => {
      const amounts = [checked('fee', fee)]
      for (let hop = 1; hop < route.length; hop++) {
        const out = feeSwapOut(amounts[hop - 1]!)
        const { validatorReserve } = pool(route[hop - 1]!, route[hop]!)
        if (validatorReserve < out) throw new TempoError('liquidity', `${out}`, validatorReserve)
        amounts.push(out)
      }
      for (let hop = 1; hop < route.length; hop++) {
        const used = pool(route[hop - 1]!, route[hop]!)
        used.userReserve += amounts[hop - 1]!
        used.validatorReserve -= amounts[hop]!
      }
      return amounts.at(-1)!
    },
    rebalance: (from, to, amountOut) => {
      const amountIn = rebalanceIn(amountOut)
      const used = pool(from, to)
      if (used.userReserve < amountOut) {
        throw new TempoError('rebalance', `at most ${used.userReserve}`, amountOut)
      }
      used.userReserve -= amountOut
      used.validatorReserve += amountIn
      return amountIn
    },
    save: () => pools.flatMap((each) => [each.userReserve, each.validatorReserve]),
    load: (state) => {
      for (const [index, each] of pools.entries()) {
        each.userReserve = state[index * 2] ?? 0n
        each.validatorReserve = state[index * 2 + 1] ?? 0n
      }
    },
  }
}

/** Where the token of a fee is named, first to last. */
export type FeeTokenChoice = {
  transaction?: string | undefined
  /** Preference of the account that pays the fee: the sponsor's where there is one. */
  payer?: string | undefined
  /** The TIP-20 called, where all calls are transfers. */
  called?: string | undefined
  swapIn?: string | undefined
}

/** The token that a fee is paid in; pathUSD where nothing names one. */
export const feeTokenOf = ({ transaction, payer, called, swapIn }: FeeTokenChoice): string =>
  transaction ?? payer ?? called ?? swapIn ?? 'pathUSD'

function checked(what: string, amount: bigint): bigint {
  if (amount < 0n) throw new TempoError(what, 'at least 0', amount)
  return amount
}
