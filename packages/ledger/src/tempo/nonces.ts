import { TempoError, type TempoRules } from './forks.ts'

export type NonceVerdict = 'accepted' | 'too low' | 'too high'
export type ExpiringVerdict = 'accepted' | 'expired' | 'too far ahead' | 'replayed' | 'ring full'

/** Nonces of accounts: independent sequences by key, key 0 being the protocol's. */
export type TempoNonces = {
  next: (account: number, key: bigint) => number
  use: (account: number, key: bigint, nonce: number) => NonceVerdict
}

export function createTempoNonces(): TempoNonces {
  const sequences = new Map<string, number>()
  const name = (account: number, key: bigint): string => `${account} ${key}`
  const next = (account: number, key: bigint): number => sequences.get(name(account, key)) ?? 0
  return {
    next,
    use: (account, key, nonce) => {
      const expected = next(account, key)
      if (nonce < expected) return 'too low'
      if (nonce > expected) return 'too high'
      sequences.set(name(account, key), expected + 1)
      return 'accepted'
    },
  }
}

/** Takes an expiring transaction once; times in whole seconds of the block's clock. */
export type ExpiringNonces = {
  use: (hash: string | number, validBefore: number, nowSeconds: number) => ExpiringVerdict
  /** What `use` would answer now. */
  check: (hash: string | number, validBefore: number, nowSeconds: number) => ExpiringVerdict
  /**
   * Takes the latest use back, as when its block is left. What it had overwritten had expired by
   * then and stays forgotten, even should its own block be left as well: clocks do not go back.
   */
  undo: () => void
}

type Window = Pick<TempoRules, 'expiringWindowSeconds' | 'expiringRingEntries'>

/** A ring of hashes; it refuses rather than overwrite an entry that has not expired. */
export function createExpiringNonces(rules: Window): ExpiringNonces {
  const { expiringWindowSeconds: window, expiringRingEntries: size } = rules
  if (!Number.isSafeInteger(size) || size < 1) throw new TempoError('ring', 'at least 1', size)
  const ring: ({ hash: string | number; validBefore: number } | undefined)[] = []
  const expiries = new Map<string | number, number>()
  let cursor = 0
  const check: ExpiringNonces['check'] = (hash, validBefore, now) => {
    if (validBefore <= now) return 'expired'
    if (validBefore > now + window) return 'too far ahead'
    if ((expiries.get(hash) ?? 0) > now) return 'replayed'
    const old = ring[cursor]
    return old !== undefined && old.validBefore > now ? 'ring full' : 'accepted'
  }
  return {
    check,
    use: (hash, validBefore, now) => {
      const verdict = check(hash, validBefore, now)
      if (verdict !== 'accepted') return verdict
      const old = ring[cursor]
      // The same hash may stand twice; only its latest expiry counts.
      if (old !== undefined && expiries.get(old.hash) === old.validBefore) expiries.delete(old.hash)
      ring[cursor] = { hash, validBefore }
      expiries.set(hash, validBefore)
      cursor = (cursor + 1) % size
      return 'accepted'
    },
    undo: () => {
      const last = (cursor + size - 1) % size
      const entry = ring[last]
      if (entry !== undefined) expiries.delete(entry.hash)
      ring[last] = undefined
      cursor = last
    },
  }
}
