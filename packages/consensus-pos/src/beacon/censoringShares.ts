/**
 * Share of mainnet's blocks, per cent, whose builder, relay or proposer left sanctioned payments
 * out: means of each month of censorship.pics's daily figures (2022-09-16 to 2024-12-31). A block
 * may count in more than one of the three.
 */
const months: readonly (readonly [
  month: string,
  builders: number,
  relays: number,
  proposers: number,
])[] = [
  ['2022-09', 21.6, 25.8, 7.7],
  ['2022-10', 40.1, 50.8, 5],
  ['2022-11', 33, 71.9, 6.8],
  ['2022-12', 22.3, 68.4, 1.7],
  ['2023-01', 37.3, 65.7, 5],
  ['2023-02', 27.2, 50.9, 8.5],
  ['2023-03', 38.7, 33.3, 6.4],
  ['2023-04', 34, 27.8, 6.7],
  ['2023-05', 35.2, 28.9, 3.1],
  ['2023-06', 36.1, 33.4, 3.5],
  ['2023-07', 45.8, 35.1, 3.4],
  ['2023-08', 58.9, 38.6, 3.3],
  ['2023-09', 67.3, 38, 3.1],
  ['2023-10', 71, 31.5, 2.9],
  ['2023-11', 72.6, 31.3, 7.5],
  ['2023-12', 64.4, 43.1, 5.5],
  ['2024-01', 65.4, 53.7, 4.7],
  ['2024-02', 62.8, 52.5, 5.1],
  ['2024-03', 63.9, 45.9, 6.9],
  ['2024-04', 61.6, 47.1, 7.2],
  ['2024-05', 61.1, 47.3, 8.1],
  ['2024-06', 58.6, 48, 9.4],
  ['2024-07', 28.3, 48, 10.5],
  ['2024-08', 8.5, 53.7, 12],
  ['2024-09', 3.9, 55, 11.5],
  ['2024-10', 3.3, 54.5, 10.6],
  ['2024-11', 4.5, 53.9, 9.8],
  ['2024-12', 4.5, 51, 11.4],
]

/** Shares of blocks from 0 to 1. */
export type CensoringShares = { builders: number; relays: number; proposers: number }

/** The months that are known, in their order. */
export const censoringMonths: readonly string[] = months.map(([month]) => month)

/** What was measured in a month (`2022-11`); undefined for others. */
export function censoringSharesIn(month: string): CensoringShares | undefined {
  const row = months.find(([name]) => name === month)
  if (row === undefined) return undefined
  return { builders: row[1] / 100, relays: row[2] / 100, proposers: row[3] / 100 }
}
