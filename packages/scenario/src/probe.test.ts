import { test } from 'vitest'
import { presets, scenarioOf, createWorld, readText, validateScenario, formatScenarioError, variantsOf } from './index.ts'
test('probe', () => {
  for (const [name, input] of Object.entries(presets)) {
    const s = scenarioOf(input)
    const data = structuredClone(s.data)
    data.workload.for = 60_000_000
    for (const v of variantsOf(data)) {
      const t = performance.now()
      const w = createWorld({ data, variant: v })
      const end = w.run({eventsMax: 300000})
      console.log(name, v, end, w.simulation.events(), w.simulation.now()/1e6, w.payments.count(), JSON.stringify(w.violations()), Math.round(performance.now()-t))
    }
  }
  for (const t of ['', '{', '{"a":1,}', '{"a":\t1}', '\uFEFF{"a":1}', 'a: &x 1\nb: *x', 'a: .nan', '{"a":1,"a":2}', '"\\ud800"', '1e999', '{"a": 9007199254740993}', 'a: !!binary abc', 'a: 0x10\nb: 2026-01-01\nc: yes\nd: ~\n? [a,b]\n: 1', '[1', 'a: [1', '--- 1\n--- 2', 'a: 1\n\tb: 2', '<<: {a: 1}', '1: 2', 'null: 1', '? {a: 1}\n: 2', '{"a": 1}\r\n x', '{"a\n": 1}','[".5", 1.5.5]', '{"a": -0}', '{"a": 1e400}', 'a: 12345678901234567890.5','%YAML 9\n---\na: 1', 'a: !foo 1', '\u0000', '# nur', '"__proto__": 1']) {
    for (const f of ['json','yaml'] as const) {
      let out
      try { const r = readText(t, f); out = r._tag === 'Right' ? 'OK ' + JSON.stringify(r.right.data) : r.left.map(e => formatScenarioError(e)).join(' || ') } catch (e) { out = 'THROWN ' + (e as Error).message }
      console.log(f, JSON.stringify(t), '->', out)
    }
  }
})
