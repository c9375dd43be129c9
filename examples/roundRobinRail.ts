// How fast is Tempo when its validators agree by a model of our own?
// Run it with: npx tsx examples/roundRobinRail.ts
import { presets, runScenario, scenarioOf, vary } from 'counterpoise'
import { roundRobin } from './roundRobin.ts'

const models = [roundRobin]

/** Tempo for some minutes, with the consensus of its preset or with ours. */
export async function runTempo(options: { own: boolean; minutes: number }) {
  const input = vary(presets.tempo, (draft) => {
    draft.workload.for = `${options.minutes}m`
    if (!options.own) return
    draft.rails.tempo.consensus = { kind: 'roundRobin', parameters: { intervalMs: 500 } }
  })
  return runScenario(scenarioOf(input, { models }), { models })
}

if (process.argv[1] === import.meta.filename) {
  for (const own of [false, true]) {
    const { result, runs } = await runTempo({ own, minutes: 5 })
    const { final, offered, time_to_finality_ms: toFinality, blocks } = runs[0]!.rails['tempo']!
    console.log(own ? 'roundRobin' : 'simplex')
    console.log(`  final: ${final} of ${offered}, median after ${toFinality?.p50} ms`)
    console.log(`  median block interval: ${blocks?.interval_ms?.p50} ms`)
    console.log(`  agreement: ${result.checks['agreement']}, digest ${result.digest}`)
  }
}
