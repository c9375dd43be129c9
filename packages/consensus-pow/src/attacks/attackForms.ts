/**
 * What pools earn when members of one withhold full solutions in another: a pool with a share
 * `attacker` of the hash rate sends `infiltrators` of it into a pool with a share `victim`. All
 * shares are of the total; what is earned is per unit of what all miners together earn.
 *
 * @see I. Eyal, The Miner's Dilemma, 2015, equations 1 to 5.
 */
export function withholdingRevenue(options: {
  attacker: number
  victim: number
  infiltrators: number
}): { attacker: number; victim: number; others: number } {
  const { attacker, victim, infiltrators } = options
  const working = 1 - infiltrators
  const victimPool = victim / working
  const perShare = victimPool / (victim + infiltrators)
  return {
    attacker: (attacker - infiltrators) / working + perShare * infiltrators,
    victim: perShare * victim,
    others: (1 - attacker - victim) / working,
  }
}

/**
 * Probability that a feather-forking miner with share `q` of the hash rate orphans a block when it
 * gives in at `k` confirmations on top of it: it must find h + 1 blocks before the others have
 * found h, for some h from 1 to `k`. For `k` = 1 that is q², two blocks in a row.
 *
 * @see A. Miller, Feather-forks: enforcing a blacklist with sub-50 % hash power, 2013, for k = 1.
 */
export function featherForkSuccess(q: number, k: number): number {
  // First passage of a walk to +2 when the others have found j blocks: 2 / (2j + 2) · C(2j + 2, j)
  // paths of probability q^(j + 2) · (1 − q)^j, each sum made of the one before.
  if (k === Number.POSITIVE_INFINITY) return q >= 0.5 ? 1 : (q * q) / ((1 - q) * (1 - q))
  let passage = q * q
  let won = 0
  for (let others = 0; others < k && won + passage > won; others++) {
    won += passage
    passage *= ((4 * others + 6) / (others + 3)) * q * (1 - q)
  }
  return won
}

/**
 * The least fee, in rewards of a block, that makes up for the risk to include a payment that a
 * feather-forking miner with share `q` will try to orphan.
 */
export function featherForkFee(q: number, k: number): number {
  const risk = featherForkSuccess(q, k)
  return risk / (1 - risk)
}

/** Mean number of found blocks until a majority with share `q` has made up `deficit` + 1 blocks. */
export function majorityCatchUp(q: number, deficit: number): number {
  return q > 0.5 ? (deficit + 1) / (2 * q - 1) : Number.POSITIVE_INFINITY
}

/** Mean number of blocks of the chain until a payment is in, when a share of miners omits it. */
export function blocksUntilInclusion(censoringShare: number): number {
  return 1 / (1 - censoringShare)
}
