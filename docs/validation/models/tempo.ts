import { type Draft, offer, type RailRun, runRail } from '../railRun.ts'
import { defineValidation, type Row, sampled } from '../validation.ts'

const code = 'tempoxyz/tempo d656ef5'
const hop = 20

/** No payments and no other traffic, every message 20 ms under way, validators side by side. */
function quiet(rail: Draft, scenario: Draft, validators: number): void {
  rail.validators = validators
  rail.network = { latency: { kind: 'constant', ms: hop } }
  rail.block.otherTraffic.unitsPerBlock = 0
  delete rail.service
  rail.execution.build.persistNsPerByte = 0
  scenario.workload.arrivals = []
}

const intervalOf = ({ result }: RailRun): number => result.blocks!.interval_ms!.mean

function pace(): Row[] {
  const four = runRail('tempo', (rail, scenario) => {
    quiet(rail, scenario, 4)
    scenario.blocks = 60
  })
  const near = runRail('tempo', (rail, scenario) => {
    rail.validators = 4
    rail.regions = ['us-east-1', 'ca-central-1']
    offer(scenario, 100, 30)
  })
  const down = Array.from({ length: 10 }, (_, replication) =>
    runRail(
      'tempo',
      (rail, scenario) => {
        quiet(rail, scenario, 10)
        scenario.blocks = 400
        const name = ['validator-1', 'validator-2', 'validator-3']
        scenario.faults = [{ what: 'outage', at: '0s', where: { name } }]
      },
      replication,
    ),
  )
  return [
    {
      quantity: 'block interval, four validators, 20 ms hops, empty blocks',
      unit: 'ms',
      expected: 500 + 2 * hop,
      source: 'build budget of 500 ms and two hops',
      simulated: intervalOf(four),
    },
    {
      quantity: 'block interval, four validators in Virginia and Canada, 100 payments/s',
      unit: 'ms',
      expected: 600,
      source: 'docs.tempo.xyz, protocol/blockspace/consensus: about 600 ms',
      simulated: intervalOf(near),
      tolerance: 0.15,
    },
    {
      quantity: 'the same: median time until a payment is final',
      unit: 'ms',
      expected: 500,
      source: 'docs.tempo.xyz, learn/tempo/performance: final every half second',
      simulated: near.result.time_to_finality_ms!.p50,
      tolerance: 0.15,
    },
    {
      quantity: 'block interval with three of ten validators down and known to be',
      unit: 'ms',
      expected: 540 + (3 / 7) * hop,
      source: 'interval + m / (n − m) hops for views that are nullified at once',
      ...sampled(down.map(steadyInterval)),
      tolerance: 0.01,
    },
  ]
}

/** Mean interval of the second half, when who is silent is known. */
function steadyInterval({ world }: RailRun): number {
  const { times } = world.rails[0]!.blocks()!
  const from = Math.floor(times.length / 2)
  return (times.at(-1)! - times[from]!) / (times.length - 1 - from) / 1_000
}

/** A minute of few payments of 50,000 gas. */
const feeOf = (change: (rail: Draft) => void): number =>
  runRail('tempo', (rail, scenario) => {
    rail.execution.shares.general = 1
    rail.execution.nonces = { protocol: 1 }
    rail.block.otherTraffic.unitsPerBlock = 0
    change(rail)
    offer(scenario, 2, 20)
  }).result.fee_usd!.p50

function fees(): Row[] {
  const falling = runRail('tempo', (rail, scenario) => {
    quiet(rail, scenario, 4)
    rail.baseFee.start = 'activation'
    scenario.blocks = 40
  })
  const baseFees = [...falling.world.entry.execution!().baseFees]
  return [
    {
      quantity: 'fee of 50,000 gas before T7',
      unit: 'USD',
      expected: 0.001,
      source: `${code}: fixed base fee of 2e10 attodollars`,
      simulated: feeOf((rail) => (rail.execution.fork = 'T4')),
    },
    {
      quantity: 'fee of 50,000 gas at the cap since T7',
      unit: 'USD',
      expected: 0.0006,
      source: 'TIP-1067: 1.2e10 attodollars',
      simulated: feeOf((rail) => (rail.baseFee.minimum = 12_000_000_000)),
    },
    {
      quantity: 'fee of 50,000 gas at the floor since T7',
      unit: 'USD',
      expected: 0.00003,
      source: 'TIP-1067: 6e8 attodollars',
      simulated: feeOf(() => {}),
    },
    {
      quantity: 'empty blocks from the cap to the floor',
      unit: 'blocks',
      expected: 23,
      source: 'TIP-1067: about 23',
      simulated: baseFees.indexOf(600_000_000),
    },
    {
      quantity: 'base fee after five empty blocks, of the cap',
      expected: (7 / 8) ** 5,
      source: 'seven eighths a block: half after about five',
      simulated: baseFees[5]! / baseFees[0]!,
      tolerance: 1e-9,
    },
  ]
}

/** More payments than fit, for as long as it takes to learn how fast blocks are checked. */
function overload(
  gasPerSecond: number,
  payments: number,
  change: (rail: Draft) => void = () => {},
): RailRun {
  return runRail('tempo', (rail, scenario) => {
    rail.validators = 4
    rail.regions = ['us-east-1']
    rail.execution.build.gasPerSecond = gasPerSecond
    rail.block.unitsPerSecond = gasPerSecond
    rail.block.otherTraffic.unitsPerBlock = 0
    // As the benchmark's preset `tip20` does.
    rail.execution.nonces = { protocol: 0, key: 0, expiring: 1 }
    rail.mempool.unitsLimit = 1e13
    change(rail)
    offer(scenario, payments, 6)
    scenario.drain = '30s'
  })
}

const transferGas = 39_858 + 13_000

/** Payments per second while all blocks are full, from the third one on. */
function fullRate({ world }: RailRun): number {
  const { times } = world.rails[0]!.blocks()!
  const { paymentCounts } = world.entry.execution!()
  const most = Math.max(...paymentCounts)
  const last = paymentCounts.findLastIndex((count) => count > 0.99 * most) - 1
  const carried = paymentCounts.slice(3, last + 1).reduce((sum, count) => sum + count, 0)
  return (carried / (times[last]! - times[2]!)) * 1_000_000
}

function capacity(): Row[] {
  const free = overload(0, 26_000)
  const may = overload(1_250_000_000, 14_000)
  const june = overload(2_530_000_000, 26_000)
  const wide = overload(2_530_000_000, 26_000, (rail) => delete rail.network.bandwidth)
  const fullest = ({ result }: RailRun): number => result.execution!.payments_per_block!.max
  return [
    {
      quantity: 'transfers in the fullest block, where work takes no time',
      expected: Math.floor(500_000_000 / transferGas),
      source: 'TIP-1010: 500 million gas a block',
      simulated: fullest(free),
    },
    {
      quantity: 'transfers in the fullest block, 1.25 Ggas/s to build and to check',
      expected: Math.floor((0.5 * 1.25e9) / 2.35 / transferGas),
      source: 'building at 1.35 times the execution, and checking, in half a second',
      simulated: fullest(may),
      tolerance: 0.15,
    },
    {
      quantity: 'payments per second, 2.53 Ggas/s, any bandwidth',
      unit: '1/s',
      expected: Math.floor(500_000_000 / transferGas) / (0.5 + 0.006),
      source: 'a full block every 500 ms and two hops within a region',
      simulated: fullRate(wide),
      tolerance: 0.02,
    },
    {
      quantity: 'the same',
      unit: '1/s',
      expected: 20_000,
      source: 'docs.tempo.xyz, learn/tempo/performance: on the test network, four validators',
      simulated: fullRate(wide),
      tolerance: 0.1,
    },
    {
      quantity: 'the same with 1 Gbit/s',
      unit: '1/s',
      expected: 20_000,
      source: 'docs.tempo.xyz, learn/tempo/performance: on the test network, four validators',
      simulated: fullRate(june),
      tolerance: 0.25,
    },
  ]
}

export default defineValidation({
  name: 'tempo',
  title: 'Tempo',
  sections: [
    {
      title: 'Pace',
      note: 'The preset with the changes that the rows name; payers wait for an access node.',
      rows: pace,
    },
    { title: 'Fees', note: 'Two payments a second for 20 seconds; empty blocks.', rows: fees },
    {
      title: 'Capacity',
      note:
        'Four validators in one region and more payments than fit, for six seconds. The second ' +
        'row takes what others were seen to need, which in the first blocks is not known. What ' +
        'the figures of the third were measured with is not published.',
      rows: capacity,
    },
  ],
})
