/** A miner's parts of the hash rate and of the blocks of the chain. */
export type Earnings = { share: number; revenueShare: number }

export type Infiltration = {
  /** Number of the pool that the infiltrators pretend to work for. */
  pool: number
  /** Numbers of miners that work for the pool and throw away the blocks they find. */
  infiltrators: readonly number[]
}

/**
 * Each miner's part of all rewards when a pool pays infiltrators by their partial solutions, that
 * is by hash rate: what the pool finds is divided among them and its own miners.
 */
export function poolPayouts(
  { miners }: { miners: readonly Earnings[] },
  infiltration: Infiltration,
): number[] {
  const { pool, infiltrators } = infiltration
  const paid = [pool, ...infiltrators].reduce((sum, each) => sum + miners[each]!.share, 0)
  return miners.map(({ share, revenueShare }, miner) => {
    const isPaid = miner === pool || infiltrators.includes(miner)
    const own = miner === pool ? 0 : revenueShare
    return own + (isPaid ? (miners[pool]!.revenueShare * share) / paid : 0)
  })
}
