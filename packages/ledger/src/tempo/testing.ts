import type { TempoRules } from './forks.ts'
import type { TempoTransaction } from './transactions.ts'

/** Tempo's rules once more, for tests: line by line over one chain, without undoing anything. */
export type ReferenceChain = {
  baseFee: bigint
  nonces: Record<string, number>
  holders: Set<string>
  pools: Record<string, { user: bigint; validator: bigint }>
  paid: bigint
  received: bigint
}

export type ReferenceBid = { cap: number; tip: number }

const floors = { lowest: 600_000_000n, highest: 12_000_000_000n }

export function createReferenceChain(
  baseFee: number,
  liquidity: Record<string, bigint>,
): ReferenceChain {
  return {
    baseFee: BigInt(baseFee),
    nonces: {},
    holders: new Set(),
    pools: Object.fromEntries(
      Object.entries(liquidity).map(([name, validator]) => [name, { user: 0n, validator }]),
    ),
    paid: 0n,
    received: 0n,
  }
}

/** EIP-1559 with a target of ten million gas, between floor and cap. */
export function stepReferenceFee(chain: ReferenceChain, gas: number): void {
  const target = 10_000_000n
  const [fee, used] = [chain.baseFee, BigInt(gas)]
  if (used > target) {
    const more = (fee * (used - target)) / target / 8n
    chain.baseFee = fee + (more > 1n ? more : 1n)
  } else chain.baseFee = fee - (fee * (target - used)) / target / 8n
  if (chain.baseFee < floors.lowest) chain.baseFee = floors.lowest
  if (chain.baseFee > floors.highest) chain.baseFee = floors.highest
}

/**
 * Executes a plain transfer of tokens A (quoted in P) or P, fees to a producer that takes P.
 *
 * @returns its gas and fee, or what is wrong with it.
 */
export function runReference(
  chain: ReferenceChain,
  transaction: TempoTransaction,
  bid: ReferenceBid,
  rules: TempoRules,
  seconds: number,
): { gas: number; fee: bigint } | string {
  const { calls, from, nonce, nonceKey, place, token, validBefore } = transaction
  let gas = transaction.callGas ?? 39_858
  if (nonce === 'expiring') {
    if (validBefore <= seconds) return 'expired'
    if (validBefore > seconds + rules.expiringWindowSeconds) return 'too far ahead'
    gas += 13_000
  } else {
    const name = `${from}/${nonceKey}`
    const expected = chain.nonces[name] ?? 0
    if (place !== expected) return `nonce ${place} where ${expected} is next`
    chain.nonces[name] = expected + 1
    if (nonce === 'key') gas += expected === 0 ? 22_300 : 5_200
  }
  const { to } = calls[0]!
  if (!chain.holders.has(`${to}/${token}`)) {
    chain.holders.add(`${to}/${token}`)
    gas += 250_000
  }
  const tip = BigInt(bid.tip) < BigInt(bid.cap) - chain.baseFee ? BigInt(bid.tip) : undefined
  const price = tip === undefined ? BigInt(bid.cap) : chain.baseFee + tip
  if (price < chain.baseFee) return 'cannot pay the base fee'
  let fee = (price * BigInt(gas)) / 1_000_000_000_000n
  if (fee * 1_000_000_000_000n !== price * BigInt(gas)) fee += 1n
  chain.paid += fee
  if (transaction.feeToken === 0) chain.received += fee
  else {
    const pool = chain.pools['A/P']!
    const out = (fee * 997n) / 1_000n
    if (out > pool.validator) return 'no liquidity'
    pool.user += fee
    pool.validator -= out
    chain.received += out
  }
  return { gas, fee }
}
