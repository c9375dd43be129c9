/** Bitcoin's stale blocks between two heights, as collected by those who kept them. */
export type StaleEra = {
  /** The years, for a reader. */
  era: string
  fromHeight: number
  /** The first height that no longer belongs to it. */
  toHeight: number
  /** Stale blocks that were seen at these heights: fewer than there were. */
  stale: number
}

/**
 * Counted in the list of stale blocks of `bitcoin-data/stale-blocks` (MIT, Copyright (c) 2026
 * bitcoin-data; willcl-ark's fork at fe1aafe). The heights at which years begin are rounded to the
 * day. What nobody kept is missing, most of all from 2018 to 2022.
 */
export const staleEras: readonly StaleEra[] = [
  { era: '2012, as Decker and Wattenhofer', fromHeight: 180_000, toHeight: 190_000, stale: 123 },
  { era: '2013', fromHeight: 214_563, toHeight: 277_996, stale: 392 },
  { era: '2014', fromHeight: 277_996, toHeight: 336_861, stale: 291 },
  { era: '2015', fromHeight: 336_861, toHeight: 391_182, stale: 384 },
  { era: '2016', fromHeight: 391_182, toHeight: 446_033, stale: 136 },
  { era: '2017', fromHeight: 446_033, toHeight: 501_961, stale: 116 },
  { era: '2018', fromHeight: 501_961, toHeight: 556_459, stale: 29 },
  { era: '2019', fromHeight: 556_459, toHeight: 610_691, stale: 17 },
  { era: '2020', fromHeight: 610_691, toHeight: 663_913, stale: 36 },
  { era: '2021', fromHeight: 663_913, toHeight: 716_599, stale: 34 },
  { era: '2022', fromHeight: 716_599, toHeight: 769_787, stale: 7 },
  { era: '2023', fromHeight: 769_787, toHeight: 823_786, stale: 52 },
  { era: '2024, to height 875,589', fromHeight: 823_786, toHeight: 875_590, stale: 39 },
]

/** Stale blocks of an era over all of its blocks. */
export const staleShareIn = ({ fromHeight, toHeight, stale }: StaleEra): number =>
  stale / (toHeight - fromHeight + stale)
