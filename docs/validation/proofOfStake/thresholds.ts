import {
  attacks,
  type BeaconNetwork,
  type BeaconNetworkOptions,
  createBeaconNetwork,
  doubleFinality,
  type Strategy,
  smoothLeakEpochs,
} from '@counterpoise/consensus-pos'
import { createSimulation, seconds } from '@counterpoise/engine'
import type { Row } from '../validation.ts'

const validators = 3_200
const honestNodes = 60

type Attacked = {
  strategy?: Strategy | undefined
  share: number
  /** Nodes of the adversary. */
  hostile?: number
  /** Slots, of each eight, in which it proposes. */
  own?: readonly number[]
  slots: number
  change?: Partial<BeaconNetworkOptions>
}

/** A small network in which an adversary has a share of the stake. */
function attacked({ strategy, share, hostile = 1, own = [], slots, change }: Attacked) {
  const simulation = createSimulation({ seed: 'threshold' })
  const honest = Math.round(validators * (1 - share))
  const nodesOf = (count: number, of: number, adversary: boolean) =>
    Array.from({ length: count }, (_, node) => ({
      entity: adversary ? 'adversary' : `honest ${node}`,
      validators: Math.floor((of * (node + 1)) / count) - Math.floor((of * node) / count),
      missedSlotProbability: 0,
      proposalMedianMs: 500,
      proposalSigma: 0.1,
      adversary,
      // Without a strategy those who attack are not there.
      ...(adversary && strategy === undefined && { down: [[0, slots] as const] }),
    }))
  const network = createBeaconNetwork(simulation, {
    nodes: [...nodesOf(honestNodes, honest, false), ...nodesOf(hostile, validators - honest, true)],
    strategy,
    proposerOf: (slot) =>
      own.includes(slot % 8) ? honestNodes + (slot % hostile) : slot % honestNodes,
    proposerReorg: false,
    ...change,
  })
  simulation.run({ until: slots * seconds(12) - 1 })
  return { network, ...network.measures.summary() }
}

/** The least share, in steps of 1 %, with which an attack succeeds. */
function leastShare(succeeds: (share: number) => boolean): number {
  let percent = 1
  while (percent < 50 && !succeeds(percent / 100)) percent++
  return percent / 100
}

function thresholdRow(
  quantity: string,
  { expected, source }: { expected: number; source: string },
  succeeds: (share: number) => boolean,
): Row {
  // Found in steps of 1 %, and votes come in whole validators.
  return { quantity, expected, source, simulated: leastShare(succeeds), ci99: 0.015 }
}

const isApart = ({ chain, choiceOf }: BeaconNetwork): boolean => {
  const [one, other] = [0, 1].map((node) => choiceOf(node).finalised.block)
  return (
    chain.ancestorAt(one!, chain.blocks[other!]!.slot) !== other &&
    chain.ancestorAt(other!, chain.blocks[one!]!.slot) !== one
  )
}

/** Each attack that a scenario can name, against the share of the stake that it takes. */
export function thresholdRows(): Row[] {
  const sandwich = [0, 0.4, 0.7].map((proposerBoost) =>
    thresholdRow(
      `least share for a sandwich reorg, boost ${proposerBoost}`,
      { expected: (1 - proposerBoost) / 3, source: '2β + boost > 1 − β' },
      (share) => {
        const strategy = attacks['sandwich-reorg']()
        const run = { strategy, share, own: [2, 4], slots: 41, change: { proposerBoost } }
        return attacked(run).orphanedHonest >= 3
      },
    ),
  )
  const exAnte = [1, 2].map((length) =>
    thresholdRow(
      `least share for an ex-ante reorg of ${length} slot${length > 1 ? 's' : ''}`,
      { expected: 0.4 / length, source: 'ℓ · β > boost, 0.4' },
      (share) => {
        const strategy = attacks['ex-ante-reorg'](length)
        return attacked({ strategy, share, own: [2, 3].slice(0, length), slots: 41 })
          .orphanedHonest >= 3
      },
    ),
  )
  return [
    ...exAnte,
    ...sandwich,
    thresholdRow(
      'least share for balancing, boost 0.05',
      {
        // To be ahead on one half against the boost and even on both again costs the boost twice,
        // max(2w, w + |D|) with a difference D of the halves' votes in a slot; these are even but
        // for 1 %. Each of the two takes whole validators, half of one too much on average.
        expected: 2 * 0.05 + (2 * 0.5) / (validators / 32),
        source: 'β > 2 · boost, and half a validator for each half, of 100 in a slot',
      },
      (share) => {
        const strategy = attacks['balancing']()
        const change = { proposerBoost: 0.05 }
        return attacked({ strategy, share, hostile: 20, own: [2], slots: 161, change })
          .finalisedDistance > 2.5
      },
    ),
    ...([3_990, 100] as const).map((delayMs) =>
      thresholdRow(
        `least share for withholding at the boundary, first block at ${delayMs} ms`,
        {
          expected: 1 - (2 / 3) * (32 / (delayMs > 1_000 ? 30 : 31)),
          source: `(1 − β) · ${delayMs > 1_000 ? 30 : 31} / 32 < 2 / 3`,
        },
        (share) => {
          const strategy = attacks['boundary-withholding'](delayMs)
          return attacked({ strategy, share, own: [0], slots: 161 }).justifiedDistance > 1.5
        },
      ),
    ),
    thresholdRow(
      'least share offline that holds finality up',
      { expected: 1 / 3, source: '1 − f < 2 / 3' },
      (share) => attacked({ share, slots: 257 }).network.finalisedEpochOf(0) <= 8,
    ),
    thresholdRow(
      'least share on both sides of a cut for double finality',
      { expected: 1 / 3, source: '(1 + β) / 2 ≥ 2 / 3' },
      (share) => {
        const strategy = attacks['double-finality']()
        const change = { partition: { from: 0, until: 200, side: (node: number) => node % 2 } }
        return isApart(
          attacked({ strategy, share, hostile: 10, own: [2], slots: 190, change }).network,
        )
      },
    ),
    {
      quantity: 'a cut in halves until each finalises by itself, 2,048 ETH',
      unit: 'epochs',
      expected: smoothLeakEpochs(0.5),
      source: 'n² = 2²⁵ · ln(2f / (1 − f)), f = 1/2',
      simulated: doubleFinality({ firstShare: 0.5, balanceEther: 2_048 }).firstEpochs!,
      tolerance: 0.01,
    },
  ]
}
