import { createCluster } from '@counterpoise/consensus'
import {
  chainGrowth,
  nakamoto,
  nakamotoParameters,
  runMinerLevel,
  staleShare,
  staleShareOf,
  waitLongerThan,
} from '@counterpoise/consensus-pow'
import { createSimulation, type Time, toSeconds } from '@counterpoise/engine'
import { createBlockStore } from '@counterpoise/ledger'
import { constantLatency } from '@counterpoise/network'
import { counted, type Row, sampled } from '../validation.ts'

const replications = 20

/** Many small miners, each as far from all the others, until so many blocks are made. */
function minersRun(seed: string, delay: Time, count: number, retarget: 'none' | 'bitcoin') {
  const simulation = createSimulation({ seed })
  const blocks = createBlockStore()
  const cluster = createCluster(simulation, {
    name: 'chain',
    model: nakamoto,
    parameters: nakamotoParameters.parse({ retarget }),
    members: Array.from({ length: retarget === 'none' ? 50 : 1 }, (_, node) => ({
      name: `miner ${node}`,
      attributes: { region: 'somewhere', operator: `miner ${node}` },
      weight: 1,
    })),
    latency: constantLatency(delay),
    blocks,
  })
  while (blocks.size() <= count) simulation.step()
  return { blocks, head: cluster.head(0), now: simulation.now() }
}

/** Of message level: a run of blocks, each sent to 49 others after the same time. */
export function delayRows(blocksPerDelay: number): Row[] {
  const delay = Math.round(blocksPerDelay * 600_000_000)
  const runs = Array.from({ length: replications }, (_, k) =>
    minersRun(`stale ${blocksPerDelay} ${k}`, delay, 2_000, 'none'),
  )
  const source = 'renewal, for infinitely many miners'
  return [
    {
      quantity: `stale share at λD = ${blocksPerDelay}, 50 miners`,
      expected: staleShare(blocksPerDelay),
      source: `λD / (1 + λD): ${source}`,
      ...sampled(runs.map(({ blocks, head }) => staleShareOf(blocks, head))),
      // A miner is never behind its own blocks: one fiftieth less.
      tolerance: 0.03,
    },
    {
      quantity: `growth of the chain, blocks per interval, at λD = ${blocksPerDelay}, 50 miners`,
      expected: chainGrowth(blocksPerDelay),
      source: `1 / (1 + λD): ${source}`,
      ...sampled(
        runs.map(({ blocks, head, now }) => (600 * blocks.height(head)) / toSeconds(now)),
      ),
      tolerance: 0.03,
    },
  ]
}

export function retargetRow(): Row {
  const means = Array.from({ length: replications }, (_, k) => {
    const { blocks, head } = minersRun(`retarget ${k}`, 0, 4_032 + 20_160, 'bitcoin')
    const [from, to] = [4_031, 24_191].map((height) => blocks.ancestorAt(head, height))
    return toSeconds(blocks.time(to!) - blocks.time(from!)) / 20_160
  })
  return {
    quantity: 'mean interval under the retarget at constant hash rate',
    unit: 's',
    expected: 1_209_600 / 2_014,
    source: '2016 · 600 s / 2014: off-by-one, and E[1 / Gamma(2015)]',
    ...sampled(means),
  }
}

/** How long one waits for blocks that come at random. */
export function waitingRows(): Row[] {
  const blocks = 600_000
  const { tree } = runMinerLevel({ seed: 'waiting', shares: [2, 1], blocks, tree: true })
  const gapsOf = (count: number): Float64Array =>
    Float64Array.from({ length: Math.floor(blocks / count) }, (_, k) =>
      toSeconds(tree!.times[(k + 1) * count]! - tree!.times[k * count]!),
    )
  const source = (count: number): string => `Erlang's tail, ${count} of mean 600 s`
  const sixes = gapsOf(6)
  const thousands = Array.from({ length: 100 }, (_, k) =>
    sixes.subarray(k * 1_000, (k + 1) * 1_000).reduce((sum, wait) => sum + wait / 1_000, 0),
  )
  return [
    {
      quantity: 'no block in 60 minutes',
      expected: waitLongerThan(3_600, 600),
      source: source(1),
      ...counted(gapsOf(1).filter((gap) => gap > 3_600).length, blocks),
    },
    {
      quantity: 'six confirmations, mean',
      unit: 's',
      expected: 3_600,
      source: 'Gamma(6, 600 s)',
      ...sampled(thousands),
    },
    {
      quantity: 'six confirmations take more than two hours',
      expected: waitLongerThan(7_200, 600, 6),
      source: source(6),
      ...counted(sixes.filter((wait) => wait > 7_200).length, sixes.length),
    },
  ]
}
