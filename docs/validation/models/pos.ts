import {
  createBeaconNetwork,
  createBeaconState,
  createMesh,
  defaultMesh,
  finalityRecovery,
  inclusionDelays,
  runEpochs,
  smoothLeakEpochs,
  steppedLeakEpochs,
} from '@counterpoise/consensus-pos'
import { createSimulation, createStream, seconds } from '@counterpoise/engine'
import {
  blobBaseFee,
  blobScheduleNamed,
  excessAtReserve,
  nextExcessBlobGas,
} from '@counterpoise/ledger'
import { thresholdRows } from '../proofOfStake/thresholds.ts'
import { defineValidation, type Row, sampled } from '../validation.ts'

/** Mainnet, Xatu, 2026-04-25 to 05-01: ms after the first sighting, by compressed size. */
const measured: readonly (readonly [kilobytes: number, p50: number, p95: number, p99: number])[] = [
  [9, 104, 287, 416],
  [25, 148, 395, 669],
  [41, 168, 472, 802],
  [57, 189, 519, 908],
  [72, 201, 554, 1_104],
  [87, 210, 588, 1_105],
  [103, 229, 642, 1_089],
  [119, 242, 681, 1_127],
  [135, 256, 703, 1_120],
  [151, 276, 712, 1_199],
  [174, 286, 749, 1_228],
  [206, 317, 825, 1_192],
  [238, 348, 891, 1_244],
]

const quantile = (ascending: readonly number[], level: number): number =>
  ascending[Math.floor(level * ascending.length)]!

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)

const watchers = 140

/** Dispersion among 140 watching nodes of 1,000: twenty meshes, thirty blocks in each. */
function arrivalRows(): Row[] {
  const size = 1_000
  const up = new Uint8Array(size).fill(1)
  return measured.flatMap(([kilobytes, ...expected]) => {
    const batches = Array.from({ length: 20 }, (_, replication) => {
      const stream = createStream({ seed: 'arrival', replication, purpose: `${kilobytes} kB` })
      const mesh = createMesh(size, defaultMesh, stream)
      const delays = Array.from({ length: 30 }, () => {
        const times = mesh.spread(stream.below(size), kilobytes * 1_000, up)
        const seen = Array.from({ length: watchers }, () => times[stream.below(size)]! / 1_000)
        const first = Math.min(...seen)
        return seen.map((time) => time - first)
      })
      return sorted(delays.flat())
    })
    return ([0.5, 0.95, 0.99] as const).map((level, index) => ({
      quantity: `arrival of ${kilobytes} kB after the first sighting, p${100 * level}`,
      unit: 'ms',
      expected: expected[index]!,
      source: 'Xatu, April 2026',
      ...sampled(batches.map((delays) => quantile(delays, level))),
      tolerance: 0.2,
    }))
  })
}

/** What is fitted, and to which values. */
function meshNote(): string {
  const { linkMedianMs, linkSigma, receiveMs, perKilobyteMs, flightShare } = defaultMesh
  const { nodeSigma, messageSigma, sizeSpread } = defaultMesh
  return (
    'Eight values are fitted to 52 measured quantiles by least squares of their logarithms, at a ' +
    `root mean square error of 9 %: latency of links ${linkMedianMs} ms (sigma ${linkSigma}), ` +
    `time to receive ${receiveMs} ms and ${perKilobyteMs} ms/kB (sigma ${nodeSigma} between ` +
    `nodes, ${messageSigma} between messages, to the power ${sizeSpread} for the part of the ` +
    `size), and ${flightShare} of the round trips of slow start after the first 14.6 kB. These ` +
    'flights make blocks below 16 kB quick; what is asked for after a heartbeat keeps the ' +
    'slowest per cent of large ones within bounds. The slowest per cent below 16 kB is still too ' +
    'slow in the model, and that of 64 to 80 kB too quick, where the measured one leaps by a ' +
    'fifth within 16 kB.'
  )
}

const nodesOf = (count: number, validators: number) =>
  Array.from({ length: count }, (_, node) => ({ entity: `entity ${node}`, validators }))

/** Ten replications of 20 epochs on 300 nodes. */
function networkRows(): Row[] {
  const slots = 640
  const runs = Array.from({ length: 10 }, (_, replication) => {
    const simulation = createSimulation({ seed: 'validation', replication })
    const network = createBeaconNetwork(simulation, { nodes: nodesOf(300, 3_000) })
    simulation.run({ until: slots * seconds(12) })
    return network.measures.summary()
  })
  const meanOf = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  return [
    {
      quantity: 'block seen after the slot began, p50',
      unit: 'ms',
      expected: 1_750,
      source: 'Xatu, April 2026, blocks of 64–80 kB',
      ...sampled(runs.map(({ seenMs }) => quantile(sorted(seenMs), 0.5))),
      tolerance: 0.1,
    },
    {
      quantity: 'block seen after the slot began, p95',
      unit: 'ms',
      expected: 3_274,
      source: 'Xatu, April 2026, blocks of 64–80 kB',
      ...sampled(runs.map(({ seenMs }) => quantile(sorted(seenMs), 0.95))),
      tolerance: 0.1,
    },
    {
      quantity: 'slots without a block in the chain, share',
      expected: 0.0023,
      source: 'reldo.dev, January and February 2026: 0.15 to 0.31 % a day',
      ...sampled(
        runs.map(({ orphaned, missedSlots }) => (orphaned + missedSlots) / slots),
      ),
      tolerance: 0.35,
    },
    {
      quantity: 'from the beginning of a slot until its block is final, mean',
      unit: 's',
      expected: 954,
      source: '64 slots in the first slot of an epoch, 96 − s in slot s',
      ...sampled(runs.map(({ finalityDelaysSeconds }) => meanOf(finalityDelaysSeconds))),
      tolerance: 0.01,
    },
  ]
}

function recoveryRows(): Row[] {
  return [0.34, 0.36, 0.4, 0.45, 0.49].flatMap((absent): Row[] => [
    {
      quantity: `leak until finality, 32 ETH, ${100 * absent} % absent`,
      unit: 'epochs',
      expected: steppedLeakEpochs(absent),
      source: 'n² = 2²⁵ · (¼ / 32 + 1 / 31 + … )',
      simulated: finalityRecovery({ absent }).leakEpochs!,
      tolerance: 0.01,
    },
    {
      quantity: `leak until finality, 2,048 ETH, ${100 * absent} % absent`,
      unit: 'epochs',
      expected: smoothLeakEpochs(absent),
      source: 'n² = 2²⁵ · ln(2f / (1 − f)), EIP-8252',
      simulated: finalityRecovery({ absent, balanceEther: 2_048 }).leakEpochs!,
      tolerance: 0.01,
    },
  ])
}

function rewardRows(): Row[] {
  const state = createBeaconState({ groups: [{ entity: 'all', count: 312_500 }], start: 'running' })
  const before = state.registry.balance[0]!
  runEpochs({ state, behaviours: [{ kind: 'online' }], epochs: 1 })
  return [
    {
      quantity: 'base reward per ETH at 10 M ETH',
      unit: 'Gwei',
      expected: 640,
      source: '⌊64 · 10⁹ / √10¹⁶⌋',
      simulated: state.baseReward,
    },
    {
      quantity: 'attester of 32 ETH, all votes timely, per epoch',
      unit: 'Gwei',
      expected: 17_280,
      source: '32 · 640 · 54 / 64',
      simulated: state.registry.balance[0]! - before,
    },
  ]
}

function censorshipRows(): Row[] {
  return [0.27, 0.46, 0.79].map((share) => {
    const market = {
      relayedShare: 1,
      builders: [
        { name: 'censoring', share, censors: true },
        { name: 'open', share: 1 - share, censors: false },
      ],
      censoringProposers: 0,
    }
    const means = Array.from({ length: 20 }, (_, replication) => {
      const stream = createStream({ seed: 'censor', replication, purpose: 'slots' })
      const delays = inclusionDelays({ marketAt: () => market, stream, payments: 5_000 })
      return delays.reduce((sum, slots) => sum + slots, 0) / delays.length
    })
    return {
      quantity: `slots until inclusion, ${100 * share} % censor, mean`,
      unit: 'slots',
      expected: 1 / (1 - share),
      source: '1 / (1 − c)',
      ...sampled(means),
    }
  })
}

function feeRows(): Row[] {
  const schedule = blobScheduleNamed('bpo2')
  const baseFee = 100_000_000
  let excessGas = excessAtReserve(baseFee, schedule)
  const start = excessGas
  const prices = Array.from({ length: 2_000 }, () => {
    excessGas = nextExcessBlobGas({ excessGas, blobs: 4, baseFee }, schedule)
    return Number(blobBaseFee(excessGas, schedule))
  })
  const row = (quantity: string, expected: number, simulated: number, unit: string): Row => ({
    ...{ quantity, expected, simulated, unit },
    source: 'EIP-7918, worked out apart from this code',
    // The start is within a block of the published one.
    tolerance: 0.01,
  })
  return [
    row('excess at the reserve price of 0.1 gwei', 182.9, start / 1e6, 'M gas'),
    row('lowest price at four blobs a block', 5.63, Math.min(...prices) / 1e6, 'M wei'),
    row('highest price at four blobs a block', 6.34, Math.max(...prices) / 1e6, 'M wei'),
  ]
}

export default defineValidation({
  name: 'pos',
  title: 'Proof of Stake',
  sections: [
    { title: 'Rewards', rows: rewardRows },
    {
      title: 'Finality after an Outage',
      note: 'The closed forms leave out the penalties for missed votes and count no whole epochs.',
      rows: recoveryRows,
    },
    {
      title: 'Arrival of Blocks',
      note: meshNote(),
      rows: arrivalRows,
    },
    {
      title: 'Slots on a Network',
      rows: networkRows,
    },
    { title: 'Attacks', rows: thresholdRows },
    { title: 'Censorship', rows: censorshipRows },
    { title: 'Blob Fees', rows: feeRows },
  ],
})
