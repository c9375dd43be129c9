/** Who had which part of Bitcoin's hash rate. */
export type PoolShares = {
  /** Parts of the hash rate, in any unit. */
  shares: readonly number[]
  /** Names, where the source has them. */
  names?: readonly string[] | undefined
  source: string
}

/** Published distributions of the hash rate, by year. */
export const poolShares = {
  2016: {
    shares: [
      ...[0.289, 0.196, 0.159, 0.133, 0.066, 0.054, 0.029, 0.016],
      ...[0.012, 0.012, 0.012, 0.009, 0.005, 0.005, 0.002, 0.002],
    ],
    source: 'A. Gervais et al., On the Security and Performance of Proof of Work Blockchains, 2016',
  },
  2025: {
    shares: [0.3, 0.29, 0.12, 0.11, 0.08, 0.05, 0.03, 0.01, 0.01],
    names: [
      ...['AntPool and proxies', 'Foundry', 'ViaBTC', 'F2Pool', 'SpiderPool', 'MARA', 'SECPOOL'],
      ...['small 1', 'small 2'],
    ],
    source: 'mainnet.observer, November 2025, pools behind one operator merged',
  },
} as const satisfies Readonly<Record<string, PoolShares>>
