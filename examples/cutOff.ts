import { presets, runScenario, scenarioOf, vary } from 'counterpoise'

const where = { name: ['stripe', 'visa', 'zodia', 'rpc-us'] }
const faults = {
  'nothing broken': [],
  'cut off': [{ what: 'partition', at: '20s', for: '20s', sides: [where] }],
  '200 ms more': [{ what: 'delay', at: '20s', for: '20s', where, delayMs: 200 }],
  'a tenth lost': [{ what: 'loss', at: '20s', for: '20s', where, probability: 0.1 }],
}
for (const [name, broken] of Object.entries(faults)) {
  const input = vary(presets.tempo, (draft) => {
    Object.assign(draft, { faults: broken })
    draft.workload.for = '1m'
    draft.rails.tempo.network.latency = { kind: 'measured', jitter: 'lognormal' }
  })
  const { runs } = await runScenario(scenarioOf(input))
  const delay = runs[0]!.rails['tempo']!.time_to_finality_ms!
  const [half, most] = [delay.p50.toFixed(), delay.p99.toFixed()]
  console.log(`${name}: half within ${half} ms, 99 % within ${most} ms`)
}
