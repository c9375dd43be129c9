import { createSimulation, createStream, exponential, seconds } from '@counterpoise/engine'
import { bitcoinPolicies, createBitcoinPool, createTransactions } from '@counterpoise/ledger'
import { bitcoinTopology, distributedLatency } from '@counterpoise/network'
import { createTransactionRelay, type RelaySchedule, relaySchedules } from '@counterpoise/rails'
import { defineValidation, type Row, sampled } from '../validation.ts'

const replications = Array.from({ length: 20 }, (_, replication) => replication)

type Market = {
  /** Transactions per second at 10 and at 20 sat/vB. */
  rates: readonly [number, number]
  bytes: number
  weightLimit: number
  blocks: number
}

/** Poisson arrivals and blocks every 600 s, exponentially; waits of both, s, and blocks' loads. */
function simulate({ rates, bytes, weightLimit, blocks }: Market, replication: number) {
  const stream = createStream({ seed: 'validation', replication, purpose: 'feerate market' })
  const table = createTransactions()
  const pool = createBitcoinPool({ table, policy: bitcoinPolicies.v31 })
  const arrivedAt: number[] = []
  const waits = [0, 0]
  const counts = [0, 0]
  let nextBlock = exponential(stream, 600)
  let now = 0
  for (let made = 0; made < blocks; ) {
    now += exponential(stream, 1 / (rates[0] + rates[1]))
    for (; nextBlock < now && made < blocks; nextBlock += exponential(stream, 600)) {
      const ids = pool.select(weightLimit)
      pool.connect(ids, seconds(nextBlock))
      // The first fifth is the way to the steady state.
      if (++made <= blocks / 5) continue
      for (const id of ids) {
        const kind = table.fee(id) > 10 * bytes ? 1 : 0
        counts[kind] = counts[kind]! + 1
        waits[kind] = waits[kind]! + nextBlock - arrivedAt[id]!
      }
    }
    const isDear = stream.chance(rates[1] / (rates[0] + rates[1]))
    const id = table.add({ fee: (isDear ? 20 : 10) * bytes, weight: bytes * 4 })
    arrivedAt[id] = now
    pool.submit(id, seconds(now))
  }
  const all = (waits[0]! + waits[1]!) / (counts[0]! + counts[1]!)
  const perSecond = (counts[0]! + counts[1]!) / (blocks * 0.8) / 600
  return { dear: waits[1]! / counts[1]!, all, perSecond }
}

/** Mean wait, s, where a Poisson process of rate μ takes up to k of a queue at a time. */
function bulkWait(arrivals: number, most: number): number {
  const services = 1 / 600
  let [low, high] = [0, 1 - 1e-9]
  for (let step = 0; step < 200; step++) {
    const r = (low + high) / 2
    if (services * r ** (most + 1) - (arrivals + services) * r + arrivals > 0) low = r
    else high = r
  }
  return low / (1 - low) / arrivals
}

function marketRows(): Row[] {
  const most = 20
  const source = 'bulk queue M/M[k]/1: geometric, μrᵏ⁺¹ − (λ + μ)r + λ = 0; Little’s law'
  return [0.5, 0.8].flatMap((load): Row[] => {
    const total = (load * most) / 600
    const market: Market = {
      rates: [0.75 * total, 0.25 * total],
      ...{ bytes: 141, weightLimit: most * 564, blocks: 6_000 },
    }
    const runs = replications.map((replication) => simulate(market, replication))
    return [
      {
        quantity: `mean wait of the quarter that pays double, at load ${load}`,
        ...{ unit: 's', expected: bulkWait(market.rates[1], most), source },
        ...sampled(runs.map(({ dear }) => dear)),
      },
      {
        quantity: `mean wait of all, at load ${load}`,
        ...{ unit: 's', expected: bulkWait(total, most), source },
        ...sampled(runs.map(({ all }) => all)),
      },
    ]
  })
}

function saturationRows(): Row[] {
  const kinds = [
    { name: 'P2WPKH, 141 vB', bytes: 141, expected: 11.8 },
    { name: 'P2TR, 154 vB', bytes: 154, expected: 10.8 },
    { name: 'P2PKH, 226 B', bytes: 226, expected: 7.4 },
  ]
  return kinds.map(({ name, bytes, expected }) => {
    const market: Market = { rates: [6, 9], bytes, weightLimit: 3_996_000, blocks: 20 }
    return {
      quantity: `payments per block of 1 MvB and 600 s under overload: ${name}`,
      ...{ unit: '1/s', expected, source: '1 MvB / size / 600 s, to three digits' },
      simulated: simulate(market, 0).perSecond,
      tolerance: 0.005,
    }
  })
}

type Spread = { size: number; listening: number }

/** Quantiles of delays of one transaction as a monitor hears of it from all listening nodes, s. */
function heard(schedule: RelaySchedule, { size, listening }: Spread, replication: number) {
  const simulation = createSimulation({ seed: 'validation', replication })
  const times: number[] = []
  const relay = createTransactionRelay(simulation, {
    name: 'relay',
    topology: bitcoinTopology({ size, listening, stream: simulation.stream('links') }).transactions,
    latency: distributedLatency({ kind: 'lognormal', median: 60, sigma: 0.6 }),
    schedule,
    isUp: () => true,
    receive: (node) => {
      if (node < listening) times.push(simulation.now() / 1e6)
      return true
    },
  })
  relay.originate(simulation.stream('origin').below(size), 0)
  simulation.run()
  const monitor = simulation.stream('monitor')
  const all = times.map((time) => {
    const isAtOnce = monitor.chance(schedule.immediateShare)
    return isAtOnce ? time : time + exponential(monitor, schedule.inboundInterval / 1e6)
  })
  const first = Math.min(...all)
  const sorted = all.map((time) => time - first).sort((a, b) => a - b)
  return (share: number): number => sorted[Math.floor(share * sorted.length)]!
}

function relayRows(
  schedule: RelaySchedule,
  spread: Spread,
  expected: Readonly<Record<string, readonly [share: number, seconds: number]>>,
  source: string,
): Row[] {
  const runs = replications.map((replication) => heard(schedule, spread, replication))
  return Object.entries(expected).map(([name, [share, value]]) => ({
    quantity: `transaction heard of by a monitor, ${name}`,
    ...{ unit: 's', expected: value, source, tolerance: 0.35 },
    ...sampled(runs.map((quantile) => quantile(share))),
  }))
}

export default defineValidation({
  name: 'bitcoinMempool',
  title: 'Bitcoin’s pool and the relay of transactions',
  sections: [
    {
      title: 'A feerate market',
      note: 'Blocks of 20 transactions; 20 replications of 6,000 blocks.',
      rows: marketRows,
    },
    { title: 'Saturation', rows: saturationRows },
    {
      title: 'Transactions over the network, 2014',
      note: '600 nodes, all of which accept connections; the relay of v0.9.',
      rows: () =>
        relayRows(
          relaySchedules.v9,
          { size: 600, listening: 600 },
          { p50: [0.5, 0.85], p75: [0.75, 1.45], p90: [0.9, 2.9], p95: [0.95, 4.4] },
          'bitcoinstats.com, mean of 2014-03-24 and 2014-11-17',
        ),
    },
    {
      title: 'Transactions over the network, 2024 to 2025',
      note: '1,800 nodes, of which 300 accept connections (assumed); the relay since v0.21.',
      rows: () =>
        relayRows(
          relaySchedules.v21,
          { size: 1_800, listening: 300 },
          { p50: [0.5, 4.68], p90: [0.9, 14.28], p99: [0.99, 26.76] },
          'KIT DSN monitoring, November 2024 to October 2025: median over 7,350 hours',
        ),
    },
  ],
})
