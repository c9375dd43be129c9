import {
  type Attack,
  blocksUntilInclusion,
  chainGrowth,
  doubleSpendBeta,
  doubleSpending,
  featherForking,
  featherForkSuccess,
  majorityCatchUp,
  majorityMining,
  type MinerLevelOptions,
  type MinerLevelResult,
  optimalPolicy,
  poolPayouts,
  retargetedInterval,
  runMinerLevel,
  selfishMining,
  selfishRevenue,
  staleShare,
  strategyOfTable,
  waitLongerThan,
  withholdingRevenue,
} from '@counterpoise/consensus-pow'
import { counted, defineValidation, type Row, sampled } from '../validation.ts'

const replications = 20

const replicate = (
  options: MinerLevelOptions,
  figure: (result: MinerLevelResult) => number,
): Pick<Row, 'simulated' | 'ci99' | 'samples'> =>
  sampled(
    Array.from({ length: replications }, (_, replication) =>
      figure(runMinerLevel({ seed: 'validation', ...options, replication })),
    ),
  )

/** An attacker with a share against one that stands for all others. */
const against = (share: number, attack: Omit<Attack, 'miner'>, blocks: number) => ({
  shares: [share, 1 - share],
  blocks,
  attack: { ...attack, miner: 0 },
})

function forkRows(): Row[] {
  const shares = Array.from({ length: 1_000 }, () => 1)
  return [0.1, 0.5, 1].flatMap((perDelay) => {
    const delayMs = { kind: 'constant', value: 600_000 * perDelay } as const
    const options = { shares, blocks: 20_000, delayMs }
    const source = 'renewal: Poisson(λD) rivals to the first block of a height'
    // A thousand miners are not infinitely many: one builds on its own block at once.
    const tolerance = 0.001
    return [
      {
        quantity: `stale share at λD = ${perDelay}`,
        ...{ expected: staleShare(perDelay), source, tolerance },
        ...replicate(options, (result) => result.staleShare),
      },
      {
        quantity: `growth of the chain, blocks per interval, at λD = ${perDelay}`,
        ...{ expected: chainGrowth(perDelay), source, tolerance },
        ...replicate(options, (result) => result.growth),
      },
    ]
  })
}

function timeRows(): Row[] {
  const plain = { shares: [1], blocks: 200_000 }
  const tail = (targets: number) => (result: MinerLevelResult): number => {
    const { counts, binMs, count } = result.intervals
    const longer = counts.slice((600_000 * targets) / binMs)
    return longer.reduce((sum, each) => sum + each, 0) / count
  }
  return [
    {
      quantity: 'no block within 60 minutes',
      ...{ expected: waitLongerThan(60, 10), source: 'e⁻⁶' },
      ...replicate(plain, tail(6)),
    },
    {
      quantity: 'mean interval under retargets, constant hash rate',
      ...{ unit: 's', expected: retargetedInterval(600), source: '600 s · 2016 / 2014' },
      ...replicate(
        { shares: [1], blocks: 201_600, retarget: 'bitcoin' },
        (result) => result.intervals.meanMs / 1_000,
      ),
    },
    {
      quantity: 'interval of blocks with a payment that 40 % leave out',
      ...{ unit: 's', expected: 600 * blocksUntilInclusion(0.4), source: 'thinning: 1 / (1 − c)' },
      ...replicate(
        { shares: [0.4, 0.6], blocks: 100_000, omits: [0] },
        (result) => result.inclusionIntervals.meanMs / 1_000,
      ),
    },
  ]
}

function selfishRows(): Row[] {
  return [0.1, 0.25, 1 / 3, 0.4, 0.45].flatMap((alpha) =>
    [0, 0.5, 1].map((gamma) => ({
      quantity: `revenue of SM1, α = ${Number(alpha.toFixed(4))}, γ = ${gamma}`,
      ...{ expected: selfishRevenue(alpha, gamma), source: 'Eyal and Sirer 2014, eq. 8' },
      ...replicate(
        against(alpha, { strategy: selfishMining(), gamma }, 100_000),
        ({ miners }) => miners[0]!.revenueShare,
      ),
    })),
  )
}

function optimalRows(): Row[] {
  const published = [
    [1 / 3, 0.33705, 40],
    [0.35, 0.37077, 60],
    [0.375, 0.426, 60],
    [0.4, 0.48866, 100],
  ] as const
  return published.flatMap(([alpha, revenue, size]) => {
    const optimal = optimalPolicy({ alpha, gamma: 0, size })
    const name = `α = ${Number(alpha.toFixed(4))}, γ = 0`
    return [
      {
        quantity: `best revenue, ${name}, by value iteration`,
        ...{ expected: revenue, source: 'Sapirstein et al. 2016, table 1', tolerance: 0.0002 },
        simulated: optimal.revenue,
      },
      {
        quantity: `the same policy played out, ${name}`,
        ...{ expected: optimal.revenue, source: 'value iteration' },
        ...replicate(
          against(alpha, { strategy: strategyOfTable(optimal.policy), gamma: 0 }, 100_000),
          ({ miners }) => miners[0]!.revenueShare,
        ),
      },
    ]
  })
}

function doubleSpendRows(): Row[] {
  return [0.1, 0.2, 0.3].flatMap((q) =>
    [1, 2, 3, 4, 5, 6].map((confirmations) => {
      const strategy = doubleSpending({ confirmations, giveUpDeficit: 25 })
      const options = against(q, { strategy }, 1_000_000)
      const seed = `double spend ${q} ${confirmations}`
      const { successes, attempts } = runMinerLevel({ seed, ...options }).attack!
      return {
        quantity: `double spend, q = ${q}, z = ${confirmations}`,
        expected: doubleSpendBeta(q, confirmations),
        source: 'I(4pq; z, 1/2), Grunspan and Pérez-Marco 2018',
        ...counted(successes, attempts),
      }
    }),
  )
}

function featherRows(): Row[] {
  const cases = [
    [0.2, 1],
    [0.3, 1],
    [0.3, 3],
    [0.4, 6],
  ] as const
  return cases.map(([q, k]) => {
    const strategy = featherForking({ targetShare: 0.05, giveUpConfirmations: k })
    const options = against(q, { strategy }, 1_000_000)
    const seed = `feather fork ${q} ${k}`
    const { successes, attempts } = runMinerLevel({ seed, ...options }).attack!
    return {
      quantity: `feather fork orphans a block, q = ${q}, k = ${k}`,
      ...{ expected: featherForkSuccess(q, k), source: 'race of two; q² for k = 1, Miller 2013' },
      ...counted(successes, attempts),
    }
  })
}

function powerRows(): Row[] {
  const [attacker, victim, infiltrators] = [0.3, 0.3, 0.06]
  const shares = [attacker - infiltrators, infiltrators, victim, 1 - attacker - victim]
  const options = { shares, blocks: 200_000, discards: [1] }
  const payouts = (result: MinerLevelResult): number[] =>
    poolPayouts(result, { pool: 2, infiltrators: [1] })
  const expected = withholdingRevenue({ attacker, victim, infiltrators })
  const source = "Eyal 2015, The Miner's Dilemma"
  const majority = against(0.6, { strategy: majorityMining() }, 200_000)
  return [
    {
      quantity: 'part of a pool of 30 % that sends 6 % to withhold blocks',
      ...{ expected: expected.attacker, source },
      ...replicate(options, (result) => payouts(result)[0]! + payouts(result)[1]!),
    },
    {
      quantity: 'part of the pool of 30 % that they hurt',
      ...{ expected: expected.victim, source },
      ...replicate(options, (result) => payouts(result)[2]!),
    },
    {
      quantity: 'blocks until a majority of 60 % has undone a block',
      ...{ expected: majorityCatchUp(0.6, 1), source: 'first passage: 2 / (2q − 1)' },
      ...replicate(majority, ({ attack }) => attack!.blocksInAttempts / attack!.attempts),
    },
  ]
}

export default defineValidation({
  name: 'pow-attacks',
  title: 'proof of work at miner level, and attacks on it',
  sections: [
    {
      title: 'Forks',
      note: 'A thousand equal miners, everybody hears after the same time; 20 runs.',
      rows: forkRows,
    },
    { title: 'Time', note: '20 runs.', rows: timeRows },
    { title: 'Selfish mining', note: '20 runs of 100,000 blocks, no delay.', rows: selfishRows },
    {
      title: 'Optimal selfish mining',
      note: 'Branches are cut at 40 to 100 blocks, hence the tolerance of 0.02 %.',
      rows: optimalRows,
    },
    {
      title: 'Double spend',
      note: 'One block in hand at the payment; gives up 25 blocks behind. Samples are attempts.',
      rows: doubleSpendRows,
    },
    { title: 'Feather forking', note: 'Samples are attempts.', rows: featherRows },
    { title: 'Pools and majorities', note: '20 runs of 200,000 blocks.', rows: powerRows },
  ],
})
