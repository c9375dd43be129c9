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
