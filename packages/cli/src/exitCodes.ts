/** What the command line ends with; scripts depend on it. */
export const exitCodes = {
  ok: 0,
  /** An option or a name that cannot be. */
  usage: 1,
  invalidScenario: 2,
  /** A limit was hit: the result is partial, or there is none, and that is said. */
  limit: 3,
  /** The result could not be written: it is printed, or the run was not begun. */
  unwritten: 4,
  crash: 127,
  /** No progress where there should be: a property of a run, or a protocol at a standstill. */
  livenessViolated: 128,
  safetyViolated: 129,
  /** Interrupted after writing what was done. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
