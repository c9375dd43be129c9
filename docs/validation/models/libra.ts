import { type Draft, offer, type RailRun, runRail } from '../railRun.ts'
import { defineValidation, type Row } from '../validation.ts'

const paper = 'Amsden and others, The Libra Blockchain, 2019'
const hop = 25

/** The published load with so many validators and so much bandwidth. */
function loaded(validators: number, megabits: number): RailRun {
  return runRail('libra', (rail, scenario) => {
    if (validators !== 21) {
      rail.validators = validators
      rail.regions = ['us-east-1', 'us-west-2', 'eu-west-2', 'eu-central-1', 'ap-southeast-1']
      delete rail.association
    }
    rail.network.bandwidth = { upMbps: megabits }
    offer(scenario, 1_000, 40)
    scenario.drain = '30s'
  })
}

const within = 10_000_000

/** Payments that become final in a second, once the first ones have. */
function finalRate({ world: { offeredUntil, payments } }: RailRun): number {
  let count = 0
  for (let payment = 0; payment < payments.count(); payment++) {
    const finalAt = payments.finalAt(payment)
    if (finalAt >= within && finalAt < offeredUntil) count++
  }
  return (count / (offeredUntil - within)) * 1_000_000
}

/** Of the payments that were offered, those final within ten seconds. */
function finalInTime({ world: { payments } }: RailRun): number {
  let inTime = 0
  for (let payment = 0; payment < payments.count(); payment++) {
    const finalAt = payments.finalAt(payment)
    if (finalAt >= 0 && finalAt - payments.intendedAt(payment) <= within) inTime++
  }
  return inTime / payments.count()
}

const cases = [
  [21, 1_000],
  [100, 1_000],
  [21, 100],
  [21, 40],
  [100, 40],
] as const

const targets = (): Row[] =>
  cases.flatMap(([validators, megabits]): Row[] => {
    const run = loaded(validators, megabits)
    const where = `${validators} validators, ${megabits} Mbit/s each`
    return [
      {
        quantity: `payments per second, ${where}`,
        unit: '1/s',
        expected: 1_000,
        source: `${paper}: target for the launch`,
        simulated: finalRate(run),
        tolerance: 0.03,
      },
      {
        quantity: `share of payments final within 10 s, ${where}`,
        expected: 1,
        source: `${paper}: target for the launch`,
        simulated: finalInTime(run),
        tolerance: 0.001,
      },
    ]
  })

/** Nothing but messages takes time. */
function plain(kind: string): RailRun {
  return runRail('libra', (rail: Draft, scenario: Draft) => {
    rail.consensus.kind = kind
    rail.consensus.parameters = { pacingMs: 0 }
    rail.network = { latency: { kind: 'constant', ms: hop } }
    rail.block.unitsPerSecond = 0
    delete rail.service
    offer(scenario, 20, 20)
  })
}

function rounds(): Row[] {
  const [two, three] = [plain('jolteon'), plain('hotstuff')]
  return [
    {
      quantity: 'block interval, 25 ms hops',
      unit: 'hops',
      expected: 2,
      source: 'a proposal and the votes on it',
      simulated: two.result.blocks!.interval_ms!.mean / hop,
    },
    {
      quantity: 'what a third certificate adds until payments are final',
      unit: 'hops',
      expected: 2,
      source: '7 hops with three certificates, 5 with two',
      simulated:
        (three.result.time_to_finality_ms!.mean - two.result.time_to_finality_ms!.mean) / hop,
      tolerance: 0.02,
    },
  ]
}

export default defineValidation({
  name: 'libra',
  title: 'Libra',
  sections: [
    {
      title: 'Targets',
      note:
        '1,000 payments a second of 500 bytes for 40 seconds; the first ten do not count for the ' +
        'rate. A leader sends whole blocks to all others, so that its uplink is what counts: 500 ' +
        'bytes to 20 others are 80 kbit a payment, and 40 Mbit/s carry 500 of them a second, ' +
        'less the time of votes and checks.',
      rows: targets,
    },
    { title: 'Rounds', note: 'Votes, certificates and blocks alone.', rows: rounds },
  ],
})
