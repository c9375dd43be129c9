/** What members of a payload timeliness committee said of a block's payload. */
export type PayloadTally = {
  /** Members for whom it was there in time, and for whom it was not. */
  timely: number
  late: number
  /** Members who had its data when they voted, and who had not. */
  available: number
  unavailable: number
}

/** Equal votes of the members in one part of the network; they travel together. */
export type PayloadVotes = PayloadTally & {
  id: number
  block: number
  slot: number
  /** When each node has them, µs; the last finite time; true while some node lacks them. */
  seen: Float64Array
  settled: number
  partial: boolean
}

/** Nobody has said anything. */
export const noTally: PayloadTally = { timely: 0, late: 0, available: 0, unavailable: 0 }

export const addTallies = (one: PayloadTally, other: PayloadTally): PayloadTally => ({
  timely: one.timely + other.timely,
  late: one.late + other.late,
  available: one.available + other.available,
  unavailable: one.unavailable + other.unavailable,
})

/** Do more than a half of the committee say that it was there in time, and its data too? */
export const supportsPayload = (tally: PayloadTally, committee: number): boolean =>
  tally.timely > threshold(committee) && tally.available > threshold(committee)

/** Do more than a half say that it was not, or that its data was not? */
export const opposesPayload = (tally: PayloadTally, committee: number): boolean =>
  tally.late > threshold(committee) || tally.unavailable > threshold(committee)

/** PAYLOAD_TIMELY_THRESHOLD, DATA_AVAILABILITY_TIMELY_THRESHOLD: PTC_SIZE // 2. */
const threshold = (committee: number): number => Math.floor(committee / 2)
