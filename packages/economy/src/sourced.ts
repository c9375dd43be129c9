/** A figure that says where it comes from. */
export type Sourced = {
  value: number
  /** Unit of the value, e.g. `Wh/year`. */
  unit: string
  /** Who published it, and when; for an assumption, what it stands for. */
  source: string
  /** True where nobody has measured it. */
  assumed?: boolean | undefined
}
