import { describe, expect, test } from 'vitest'
import { broken, type Draft, messages, wrapped } from './testing.ts'

const tempo = (recipe: (draft: Draft) => void): string => messages(broken('tempo', recipe))
const hybrid = (recipe: (draft: Draft) => void): string => messages(broken('hybrid', recipe))

describe('rails', () => {
  test('behavior: regions that are not in the matrix, wherever they stand', () => {
    const found = hybrid(({ rails: { bitcoin, tempo: rail } }) => {
      bitcoin.relays.regions.value[1].region = 'us-wset-2'
      bitcoin.access.nodes.value[0].region = 'mars'
      rail.validators = 4
      rail.regions = ['us-east-1', 'eu-centrall-1']
    })
    expect(wrapped(found.replaceAll(/\(us-east-1, .*?\)/g, '(…)'))).toMatchInlineSnapshot(`
      "
      rails.bitcoin.access.nodes[0].region: expected a region of the latency matrix (…),
        found "mars"
      rails.bitcoin.relays.regions[1].region: expected a region of the latency matrix (…),
        found "us-wset-2" (did you mean \`us-west-2\`?)
      rails.tempo.regions[1]: expected a region of the latency matrix (…), found
        "eu-centrall-1" (did you mean \`eu-central-1\`?)
      "
    `)
  })

  test('behavior: regions are free where latency is not measured', () => {
    const found = tempo(({ rails: { tempo: rail } }) => {
      rail.network.latency = { kind: 'constant', ms: 20 }
      rail.access.nodes.value[0].region = 'mars'
    })
    expect(found).toBe('')
  })

  test.each([
    ['tempo', 3, 10],
    ['ethereum', 11, 34],
    ['bitcoin', 4, 9],
  ])('behavior: %s tolerates %i of %i', (name, limit, count) => {
    const claim = (faultTolerance: number): string =>
      hybrid(({ rails }) => (rails[name].consensus.faultTolerance = faultTolerance))
    expect(claim(limit)).toBe('')
    expect(claim(limit + 1)).toContain(
      `rails.${name}.consensus.faultTolerance: expected at most ${limit}: what`,
    )
    expect(claim(limit + 1)).toContain(`among ${count} validators, found ${limit + 1}`)
  })

  test('behavior: who has no weight has no vote, and does not raise the tolerance', () => {
    const found = tempo(({ rails: { tempo: rail } }) => {
      rail.consensus.faultTolerance = 3
      rail.validators.value[0].weight = 0
    })
    expect(found).toContain('at most 2: what `simplex` survives among 9 validators, found 3')
  })

  test('behavior: nobody has a weight', () => {
    const found = tempo(({ rails: { tempo: rail } }) => {
      for (const validator of rail.validators.value) validator.weight = 0
    })
    expect(found).toBe(
      'scenario rails.tempo.validators: expected at least one validator of weight above 0, ' +
        'found none',
    )
  })

  test('behavior: a payment that fits nowhere, a block that nobody can check', () => {
    const found = tempo(({ rails: { tempo: rail } }) => {
      rail.block.unitsPerPayment = 600_000_000
      rail.block.bytesPerPayment = 9_000_000
      rail.block.unitsPerSecond = 0.001
      rail.mempool.unitsLimit = 1
      rail.consensus.parameters.leaderTimeoutMs = 1e300
    })
    expect(wrapped(found)).toMatchInlineSnapshot(`
      "
      rails.tempo.block.unitsPerPayment: expected at most what a block has for payments:
        495000000, found 600000000
      rails.tempo.block.bytesPerPayment: expected at most what a block holds: 8388608,
        found 9000000
      rails.tempo.mempool.unitsLimit: expected room for a payment of 600000000, found 1
      rails.tempo.block.unitsPerSecond: expected a speed at which a full block is checked
        within a day, or 0 for no time at all, found 0.001
      rails.tempo.consensus.parameters.leaderTimeoutMs: expected a time of at least 1 µs
        and at most 10,000 days, or 0, in ms, found 1e+300
      "
    `)
  })

  test('behavior: more nodes than there is memory for', () => {
    const sized = (recipe: (rail: Draft) => void): string =>
      tempo(({ rails }) => recipe(rails.tempo))
    expect(sized((rail) => (rail.validators = 1_001))).toContain(
      'rails.tempo.validators: expected at most 1000 validators, who all vote to all, found 1001',
    )
    const place = { name: 'x', region: 'us-east-1', operator: 'x', weight: 1, nodes: 10_000 }
    expect(sized((rail) => (rail.validators = Array.from({ length: 9_999 }, () => place)))).toBe(
      'scenario rails.tempo: expected at most 3000 nodes that keep messages in order (`fifo`), ' +
        'found 99990003 nodes',
    )
  })

  test('behavior: the home of an acquirer, and no rail at all', () => {
    const found = hybrid(({ rails: { visa } }) => (visa.acquirers.value[1].home = 2))
    expect(found).toBe(
      'scenario rails.visa.acquirers[1].home: expected a data centre from 0 to 1, found 2',
    )
    expect(tempo((draft) => (draft.rails = {}))).toContain('rails: expected at least one rail')
  })

  test('behavior: the router needs a name of its own', () => {
    expect(hybrid((draft) => (draft.router.name = 'visa'))).toBe(
      'scenario router.name: expected a name that no rail has, found "visa"',
    )
    expect(tempo((draft) => (draft.router = { name: 'tempo' }))).toBe('')
  })
})

describe('the workload', () => {
  const load = (recipe: (workload: Draft) => void): string =>
    tempo(({ workload }) => recipe(workload))

  test('behavior: neither arrivals nor a trace, or both', () => {
    expect(load((workload) => (workload.arrivals = []))).toBe(
      'scenario workload: expected `arrivals` or a `trace`, found neither',
    )
    expect(load((workload) => (workload.trace = { csv: 'time\n1\n' }))).toBe(
      'scenario workload.trace: expected no `arrivals` beside it, found both',
    )
  })

  test('behavior: a trace is checked row by row, with its lines', () => {
    const traced = (csv: string): string =>
      load((workload) => {
        workload.arrivals = []
        workload.trace = { csv }
        workload.accounts.count = 2
      })
    expect(traced('time,from,to\n0,ann,bob\n')).toBe('')
    const found = traced('time,amount\n1,2\n0.5,3\n2,-1\n3,x,y\n')
    expect(wrapped(found)).toMatchInlineSnapshot(`
      "
      workload.trace, line 3 of the trace: expected a time not before the last one, found
        0.5
      workload.trace, line 4 of the trace: expected an amount above 0 in US dollars, with
        up to six decimals, found -1
      workload.trace, line 5 of the trace: expected 2 fields (time, amount), found 3 fields
      "
    `)
    expect(traced('time,from,to\n0,ann,bob\n1,ann,cem\n')).toContain(
      'workload.trace.csv: expected at most the 2 accounts of the scenario, found 3 names',
    )
    expect(traced('time,amount\n1,2000000000\n')).toContain('found 2000000000')
    expect(traced('')).toContain('line 1 of the trace: expected a header line')
  })

  test('behavior: a trace in a file that nobody has read', () => {
    const found = load((workload) => {
      workload.arrivals = []
      workload.trace = { file: 'x.csv' }
    })
    expect(found).toContain('in a script, give the text itself')
  })

  test('behavior: times that contradict each other', () => {
    const steps = [
      { at: '2s', ratePerSecond: 1 },
      { at: '2s', ratePerSecond: 2 },
    ]
    const found = load((workload) => {
      workload.arrivals = [
        { kind: 'poisson', ratePerSecond: 1, from: '2m', until: '1m' },
        { kind: 'steps', steps },
        { kind: 'steps', steps: steps.slice(1), until: '2s' },
      ]
    })
    expect(wrapped(found)).toMatchInlineSnapshot(`
      "
      workload.arrivals[0].from: expected 'from' of at most 'until', found "2m"
      workload.arrivals[1].steps: expected steps in order, each 'at' later than the one
        before, found [{"at":"2s","ratePerSecond":1},{"at":"2s","ratePerSecond"…
      workload.arrivals[2].until: expected 'until' after the last step, found "2s"
      "
    `)
  })

  test('behavior: more payments, or more money, than can be held', () => {
    expect(load((workload) => (workload.arrivals[0].ratePerSecond = 1e6))).toBe(
      'scenario workload.arrivals: expected at most 20000000 payments, ' +
        'found rates for about 600000000',
    )
    expect(load((workload) => (workload.accounts.openingUsd = 1e6))).toContain(
      'workload.accounts.openingUsd: expected balances of at most 9 billion dollars in all',
    )
  })
})

describe('faults', () => {
  const hit = (where: Draft): string => hybrid(({ faults }) => (faults[0].where = where))

  test('behavior: one that hits something', () => {
    expect(hit({ operator: ['Stripe', 'Visa'], rail: 'tempo', role: 'validator' })).toBe('')
    expect(hit({ cloud: 'aws', region: 'us-east-1' })).toBe('')
  })

  test('behavior: values that no site has, with the nearest one', () => {
    const found = hit({ region: ['us-east-1', 'us-est-1'], rail: 'temop', country: 'fr' })
    expect(wrapped(found)).toMatchInlineSnapshot(`
      "
      faults[0].where.region[1]: expected one of ap-east-1, ap-northeast-1, ap-southeast-1,
        ap-southeast-2, ca-central-1, eu-central-1, eu-north-1, eu-west-1, eu-west-2,
        sa-east-1, us-east-1, us-east-2, us-west-1, us-west-2, found "us-est-1" (did you
        mean \`us-east-1\`?)
      faults[0].where.country: expected no country: no site has one, found "fr"
      faults[0].where.rail: expected one of bitcoin, ethereum, tempo, visa, found "temop"
        (did you mean \`tempo\`?)
      "
    `)
  })

  test('behavior: attributes that no site has together', () => {
    expect(hit({ operator: 'Stripe', rail: 'visa' })).toBe(
      'scenario faults[0].where: expected attributes that some site has together, ' +
        'found {"operator":"Stripe","rail":"visa"}',
    )
  })
})
