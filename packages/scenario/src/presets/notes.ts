/** A value of a preset with its unit and where it comes from. */
export type Noted<value> = { value: value; unit: string; source: string; assumed?: true }

/** A value that a measurement or a document stands behind. */
export const sourced = <const value>(value: value, unit: string, source: string): Noted<value> => ({
  value,
  unit,
  source,
})

/** A value that nothing but judgement stands behind, with the reason. */
export const assumed = <const value>(value: value, unit: string, reason: string): Noted<value> => ({
  value,
  unit,
  source: reason,
  assumed: true,
})

/** What payers may spend on getting a payment through; the same on every chain. */
export const budgetUsd = assumed(
  { median: 2, sigma: 1 },
  'USD, lognormal',
  'what a payer gives for a payment of some 60 dollars; no source',
)

/** From the payer to the access node. */
export const clientDelayMs = assumed(
  { kind: 'uniform', low: 10, high: 40 },
  'ms, one way',
  'payers use a near access node; no source',
)

/** By which payers reach Ethereum and Tempo: the same three, so that access sets nothing apart. */
export const rpcNodes = assumed(
  [
    { name: 'rpc-us', region: 'us-east-1', operator: 'RPC provider 1', cloud: 'aws' },
    { name: 'rpc-us-west', region: 'us-west-2', operator: 'RPC provider 2', cloud: 'aws' },
    { name: 'rpc-eu', region: 'eu-central-1', operator: 'RPC provider 3' },
  ],
  '',
  'few large RPC providers; on 2025-10-20 wallets went blind with one cloud region',
)
