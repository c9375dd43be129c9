/** 99.5 % quantile of Student's t distribution with 11 degrees of freedom. */
const t995 = 3.106

/** The mean of twelve replications, and half the width of its 99 % confidence interval. */
export function meanOfTwelve(values: readonly number[]): { mean: number; ci99: number } {
  if (values.length !== 12) throw new Error(`The quantile is that of 12 values: ${values.length}`)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
  return { mean, ci99: t995 * Math.sqrt(squares / (values.length - 1) / values.length) }
}
