/**
 * Times between the arrivals of Bitcoin blocks at one node that missed none, heights 777,616 to
 * 799,999, from February 2023 on; whole seconds. From `bitcoin-data/block-arrival-times` (CC0) at
 * 707477a, node `darosior`; of two blocks of a height the first counts.
 */
export const observedIntervals = {
  count: 22_383,
  /** Of the later block of each pair. */
  heights: [777_617, 799_999],
  /** s. */
  mean: 589.641_111,
  deviation: 594.332_843,
  /** [level, s]: the value of rank ⌊level · (count − 1)⌋ from 0. */
  quantiles: [
    [0.1, 62],
    [0.25, 169],
    [0.5, 405],
    [0.75, 819],
    [0.9, 1_363],
    [0.99, 2_735],
  ],
  /** Intervals of more than an hour. */
  overAnHour: 59,
} as const
