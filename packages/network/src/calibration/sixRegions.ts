import type { LatencyMatrix } from '../latency/latencyMatrix.ts'

/** The internet in six regions: what simulators of Bitcoin's network are calibrated with. */
export type SixRegions = {
  /** Mean one-way delays; the spread is not measured but drawn as Pareto's (jitter `pareto`). */
  latency: LatencyMatrix
  /** Mean bandwidth of a node, Mbit/s, in the order of the regions. */
  downloadMbps: readonly number[]
  uploadMbps: readonly number[]
  /** Share of Bitcoin's nodes, in the order of the regions; the sum is 1. */
  nodeShares: readonly number[]
}

const source =
  'SimBlock, simulator/src/main/java/simblock/settings/NetworkConfiguration.java at 5fc7f9f '

const regions = [
  'north-america',
  'europe',
  'south-america',
  'asia-pacific',
  'japan',
  'australia',
]

/**
 * The six regions in 2015. Numbers transcribed from SimBlock (Apache-2.0, Copyright (c) 2019
 * Distributed Systems Group), which took them over from Gervais et al. (2016).
 */
export const sixRegions2015: SixRegions = {
  latency: {
    source: `${source}(2015)`,
    regions,
    oneWayMs: [
      [36, 119, 255, 310, 154, 208],
      [119, 12, 221, 242, 266, 350],
      [255, 221, 137, 347, 256, 269],
      [310, 242, 347, 99, 172, 278],
      [154, 266, 256, 172, 9, 163],
      [208, 350, 269, 278, 163, 22],
    ],
  },
  downloadMbps: [25, 24, 6.5, 10, 17.5, 14],
  uploadMbps: [4.7, 8.1, 1.8, 5.3, 3.4, 5.2],
  nodeShares: [0.3869, 0.5159, 0.0113, 0.0574, 0.0119, 0.0166],
}

/** The six regions in 2019; source and licence as for 2015. */
export const sixRegions2019: SixRegions = {
  latency: {
    source: `${source}(2019)`,
    regions,
    oneWayMs: [
      [32, 124, 184, 198, 151, 189],
      [124, 11, 227, 237, 252, 294],
      [184, 227, 88, 325, 301, 322],
      [198, 237, 325, 85, 58, 198],
      [151, 252, 301, 58, 12, 126],
      [189, 294, 322, 198, 126, 16],
    ],
  },
  downloadMbps: [52, 40, 18, 22.8, 22.8, 29.9],
  uploadMbps: [19.2, 20.7, 5.8, 15.7, 10.2, 11.3],
  nodeShares: [0.3316, 0.4998, 0.009, 0.1177, 0.0224, 0.0195],
}
