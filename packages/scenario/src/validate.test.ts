import { describe, expect, test } from 'vitest'
import { presets } from './presets/index.ts'
import { broken, type Draft, messages, textMessages, wrapped } from './testing.ts'

const tempo = (recipe: (draft: Draft) => void): string => messages(broken('tempo', recipe))
const hybrid = (recipe: (draft: Draft) => void): string => messages(broken('hybrid', recipe))

describe('unknown keys', () => {
  test('behavior: at every level, with the nearest known one', () => {
    const found = tempo((draft) => {
      const { tempo: rail } = draft.rails
      draft.nmae = 'x'
      draft.limits = { event: 5 }
      draft.workload.accounts.cuont = 4
      draft.workload.arrivals[0].ratePerSeconds = 4
      draft.workload.patience.value[0].wieght = 1
      draft.faults.push({ what: 'outage', at: '1s', for: '1s', where: { regoin: 'us-east-1' } })
      rail.acess = 1
      rail.consensus.parameters.leaderTimeOutMs = 4
      rail.validators.value[3].cluod = 'aws'
      rail.baseFee.gastarget = 1
      rail.access.clientDelayMs.value.hihg = 3
    })
    const lines = found.split('\n').map((line) => line.replace(/expected .*, found/, '…'))
    expect(wrapped(lines.join('\n'))).toMatchInlineSnapshot(`
      "
      rails.tempo.consensus.parameters.leaderTimeOutMs: … the unknown key \`leaderTimeOutMs\`
        (did you mean \`leaderTimeoutMs\`?)
      rails.tempo.validators[3].cluod: … the unknown key \`cluod\` (did you mean \`cloud\`?)
      rails.tempo.access.clientDelayMs.hihg: … the unknown key \`hihg\` (did you mean
        \`high\`?)
      rails.tempo.baseFee.gastarget: … the unknown key \`gastarget\` (did you mean
        \`gasTarget\`?)
      rails.tempo.acess: … the unknown key \`acess\` (did you mean \`access\`?)
      workload.arrivals[0].ratePerSeconds: … the unknown key \`ratePerSeconds\` (did you mean
        \`ratePerSecond\`?)
      workload.accounts.cuont: … the unknown key \`cuont\` (did you mean \`count\`?)
      workload.patience[0].wieght: … the unknown key \`wieght\` (did you mean \`weight\`?)
      faults[0].where.regoin: … the unknown key \`regoin\` (did you mean \`region\`?)
      faults[0].where: … {"regoin":"us-east-1"}
      limits.event: … the unknown key \`event\` (did you mean \`events\`?)
      nmae: … the unknown key \`nmae\` (did you mean \`name\`?)
      "
    `)
  })

  test('behavior: what is misspelt is not told to be missing as well', () => {
    const found = tempo((draft) => {
      draft.worklod = draft.workload
      delete draft.workload
      draft.rails.tempo.acess = draft.rails.tempo.access
      delete draft.rails.tempo.access
      delete draft.rails.tempo.mempool
    })
    const lines = found.split('\n').map((line) => line.replace(/expected .*, found/, '…'))
    expect(lines).toEqual([
      'scenario rails.tempo.mempool: … nothing',
      'scenario rails.tempo.acess: … the unknown key `acess` (did you mean `access`?)',
      'scenario worklod: … the unknown key `worklod` (did you mean `workload`?)',
    ])
  })

  test('behavior: all keys that are known are told', () => {
    expect(tempo((draft) => (draft.workload.accounts.x = 4))).toBe(
      'scenario workload.accounts.x: expected one of the keys count, openingUsd, payeeExponent, ' +
        'payerExponent, found the unknown key `x`',
    )
  })

  test('behavior: keys that reach the prototype', () => {
    const text = '{"__proto__": {"name": "x"}, "rails": {"constructor": {}}}'
    const input: unknown = JSON.parse(text)
    expect(wrapped(messages(input))).toMatchInlineSnapshot(`
      "
      __proto__: expected another key, found the key \`__proto__\`, which is not allowed
      rails.constructor: expected another key, found the key \`constructor\`, which is not
        allowed
      "
    `)
    expect(({} as Draft).name).toBeUndefined()
  })
})

describe('wrong kinds and choices', () => {
  test('behavior: with the nearest known one', () => {
    const found = hybrid((draft) => {
      draft.offer = 'routd'
      draft.rails.bitcoin.kind = 'chian'
      draft.rails.ethereum.consensus.kind = 'gaspar'
      draft.rails.tempo.network.latency = { kind: 'mesured' }
      draft.rails.tempo.baseFee.kind = 'eip-1559'
      draft.workload.arrivals[1].value.shape = 'tenx'
      draft.workload.amount.kind = 'lognorm'
      draft.faults[0].what = 'outgae'
    })
    expect(wrapped(found)).toMatchInlineSnapshot(`
      "
      offer: expected one of each, routed, each and routed, found "routd" (did you mean
        \`routed\`?)
      rails.bitcoin.kind: expected one of chain, card, found "chian" (did you mean
        \`chain\`?)
      rails.ethereum.consensus.kind: expected one of nakamoto, gasper, beacon, simplex,
        hotstuff, jolteon, pbft, tendermint, minimmit, found "gaspar" (did you mean
        \`gasper\`?)
      rails.tempo.network.latency.kind: expected one of measured, sixRegions, distance,
        constant, drawn, empirical, matrix, matrixFile, found "mesured" (did you mean
        \`measured\`?)
      rails.tempo.baseFee.kind: expected one of none, fork, eip1559, found "eip-1559" (did
        you mean \`eip1559\`?)
      workload.arrivals[1].shape: expected one of tenx-ico, twitter-castle, nasdaq-30s,
        nasdaq-open, found "tenx"
      workload.amount.kind: expected one of lognormal, constant, found "lognorm" (did you
        mean \`lognormal\`?)
      faults[0].what: expected one of outage, partition, delay, loss, throttle, found
        "outgae" (did you mean \`outage\`?)
      "
    `)
  })

  test('behavior: a kind that is missing, and one that is no text', () => {
    const found = hybrid((draft) => {
      delete draft.rails.bitcoin.kind
      draft.rails.visa.kind = 4
    })
    expect(wrapped(found)).toMatchInlineSnapshot(`
      "
      rails.bitcoin.kind: expected one of chain, card, found nothing
      rails.visa.kind: expected one of chain, card, found 4
      "
    `)
  })
})

describe('wrong types and impossible values', () => {
  test('behavior: each is told, all at once', () => {
    const found = hybrid((draft) => {
      const { bitcoin, ethereum, visa } = draft.rails
      draft.name = ''
      draft.seed = 1.5
      draft.startsAt = '2026-02-30'
      draft.drain = '-5s'
      draft.until = '0s'
      draft.limits = { events: 0 }
      draft.workload.for = 600
      draft.workload.accounts.count = 1
      draft.workload.arrivals[0].ratePerSecond = -1
      draft.workload.patience = []
      delete draft.workload.amount
      draft.faults[0].at = 'soon'
      draft.faults[0].where = {}
      draft.rails.Bad = {}
      bitcoin.validators = -1
      bitcoin.network.topology.outgoing = 2.5
      bitcoin.watts.value = '9'
      ethereum.network = { fifo: 'yes' }
      ethereum.consensus.parameters.slotMs.value = 0
      visa.declineRate.value = 1.2
      visa.cutOff.value = '24h'
      visa.delaysMs.network.value = { kind: 'uniform', low: 3, high: 2 }
    })
    expect(wrapped(found)).toMatchInlineSnapshot(`
      "
      name: expected a text of at least 1 character, found ""
      seed: expected a text or a whole number, found 1.5
      startsAt: expected an instant such as 2026-11-17T14:00:00Z, found "2026-02-30"
      rails.bitcoin.validators: expected a number above 0, found -1
      rails.bitcoin.network.topology.outgoing: expected a whole number, found 2.5
      rails.bitcoin.watts: expected a number, found "9"
      rails.ethereum.consensus.parameters.slotMs: expected a number of at least 1, found 0
      rails.ethereum.network.fifo: expected true or false, found "yes"
      rails.visa.delaysMs.network.low: expected 'low' of at most 'high', found 3
      rails.visa.declineRate: expected a number of at most 1, found 1.2
      rails.visa.cutOff: expected a time of day: less than 24h, found "24h"
      rails.Bad: expected a name like bitcoin or my-rail, found the key \`Bad\`
      workload.for: expected a duration such as 250ms, 12s, 10m or 1h30m, found 600
      workload.arrivals[0].ratePerSecond: expected a number of at least 0, found -1
      workload.amount: expected an object, found nothing
      workload.accounts.count: expected a number of at least 2, found 1
      workload.patience: expected a list of at least 1 entry, found []
      faults[0].at: expected a duration such as 250ms, 12s, 10m or 1h30m, found "soon"
      faults[0].where: expected at least one attribute, found {}
      drain: expected a duration such as 250ms, 12s, 10m or 1h30m, found "-5s"
      until: expected a duration above 0, found "0s"
      limits.events: expected a number above 0, found 0
      "
    `)
  })

  test('behavior: what is no JSON in a script is refused, and does not throw', () => {
    const cycle: Draft = {}
    cycle.self = cycle
    const values = [undefined, null, 5, 'x', [], () => 1, Symbol('x'), 10n, new Map(), Number.NaN]
    for (const value of [...values, cycle, Object.create(null), new Proxy([], {})]) {
      expect(messages(value)).not.toBe('')
      const found = tempo((draft) => (draft.rails.tempo.network.fifo = value))
      expect(found !== '').toBe(value !== undefined)
    }
    const lossy = tempo((draft) => (draft.rails.tempo.network.lossProbability = Number.NaN))
    expect(lossy).toContain('found NaN')
  })

  test('behavior: half of a character', () => {
    expect(tempo((draft) => (draft.name = 'a\ud800'))).toBe(
      'scenario name: expected whole characters, found half of a character (a lone surrogate)',
    )
  })

  test('behavior: numbers that would exhaust time, money or memory', () => {
    const found = tempo((draft) => {
      const { tempo: rail } = draft.rails
      draft.workload.for = '10001d'
      draft.workload.accounts.count = 1e9
      draft.workload.arrivals[0].ratePerSecond = 1e7
      rail.validators = 1e9
      rail.access.clientDelayMs = { kind: 'lognormal', median: 1, sigma: 9 }
      rail.wallet.budgetUsd = { median: 1, sigma: 9 }
      rail.wallet.tip = { kind: 'pareto', scale: 1, shape: 0.1 }
    })
    expect(wrapped(found)).toMatchInlineSnapshot(`
      "
      rails.tempo.validators: expected a number of at most 200000, found 1000000000
      rails.tempo.access.clientDelayMs: expected delays of at most 100 days, even the
        longest ones drawn, found {"kind":"lognormal","median":1,"sigma":9}
      rails.tempo.wallet.tip: expected numbers of at most 1e+30, even the largest ones
        drawn, found {"kind":"pareto","scale":1,"shape":0.1}
      rails.tempo.wallet.budgetUsd: expected at most 1000000000 dollars, even the largest
        amount drawn, found {"median":1,"sigma":9}
      workload.for: expected a duration of at most 10000d, found "10001d"
      workload.arrivals[0].ratePerSecond: expected a number of at most 1000000, found
        10000000
      workload.accounts.count: expected a number of at most 1000000, found 1000000000
      "
    `)
  })
})

describe('noted values that are none', () => {
  test('behavior: the note is explained, not what follows from it', () => {
    const found = tempo((draft) => {
      const { tempo: rail } = draft.rails
      rail.watts = { value: 5, unit: 'W', sorce: 'a book' }
      rail.network.lossProbability = { value: 5 }
      rail.consensus.parameters.skipViews = { value: 3, unit: 7, source: 'x' }
      rail.access.clientDelayMs = { value: { kind: 'constant', value: 3 }, unit: 'ms', soruce: '' }
      rail.validators.value[0].weight = { value: 1, unit: '', source: '', assumed: 'yes' }
      rail.block = { value: rail.block, units: 'x', source: 'y' }
    })
    expect(wrapped(found)).toMatchInlineSnapshot(`
      "
      rails.tempo.consensus.parameters.skipViews.unit: expected a text, found 7 (a noted
        value is { value, unit, source, assumed? })
      rails.tempo.validators[0].weight.assumed: expected true or false, found "yes"
      rails.tempo.network.lossProbability.unit: expected a text, found nothing (a noted
        value is { value, unit, source, assumed? })
      rails.tempo.access.clientDelayMs.soruce: expected a noted value of value, unit,
        source, assumed, found the unknown key \`soruce\` (did you mean \`source\`?)
      rails.tempo.block.units: expected a noted value of value, unit, source, assumed,
        found the unknown key \`units\` (did you mean \`unit\`?)
      rails.tempo.watts.sorce: expected a noted value of value, unit, source, assumed,
        found the unknown key \`sorce\` (did you mean \`source\`?)
      "
    `)
  })

  test('behavior: a parameter may be called `value`', () => {
    const delay = { kind: 'constant', value: 3 }
    expect(tempo((draft) => (draft.rails.tempo.access.clientDelayMs = delay))).toBe('')
  })
})

describe('places in the file', () => {
  const text = JSON.stringify(presets.tempo, null, 2)

  test('behavior: through noted values, to the line and column', () => {
    const changed = text.replace('"region": "eu-central-1"', '"region": "eu-centrall-1"')
    const offset = changed.indexOf('"eu-centrall-1"')
    const before = changed.slice(0, offset).split('\n')
    expect(textMessages(changed, 'json')).toMatch(
      new RegExp(
        `^scenario.json:${before.length}:${before.at(-1)!.length + 1} ` +
          String.raw`rails\.tempo\.validators\[2\]\.region: expected .* \(did you mean`,
      ),
    )
  })

  test('behavior: an unknown key stands where the key is, a missing one where it is missed', () => {
    const yaml = 'name: x\nworkload:\n  for: 5m\n  amuont: 3\nrails: {}\n'
    expect(wrapped(textMessages(yaml, 'yaml'))).toMatchInlineSnapshot(`
      "
      scenario.yaml:5:8 rails: expected at least one rail, found {}
      scenario.yaml:3:3 workload.accounts: expected an object, found nothing
      scenario.yaml:3:3 workload.patience: expected a list, found nothing
      scenario.yaml:4:3 workload.amuont: expected one of the keys accounts, amount,
        arrivals, for, patience, trace, found the unknown key \`amuont\` (did you mean
        \`amount\`?)
      "
    `)
  })
})
