/** The timers of a replica. */
export const timers = {
  leader: 0,
  certification: 1,
  retry: 2,
  build: 3,
  fetch: 4,
  /** Ends with the work on certified blocks; then they are reported. */
  settle: 5,
  /** The last block of the epoch is final and executed: the next epoch starts. */
  epoch: 6,
  /** Ends the execution of a block beside the work of consensus. */
  execution: 7,
} as const
