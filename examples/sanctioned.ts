import { presets, runScenario, scenarioOf, vary } from 'counterpoise'

const accounts = Array.from({ length: 100 }, (_, account) => account)
const consensus = {
  'nobody censors': {},
  'as in November 2022': { market: { month: '2022-11' } },
  'as in December 2024': { market: { month: '2024-12' } },
  'November 2022 with inclusion lists': { market: { month: '2022-11' }, fork: 'heze' },
}
for (const [name, said] of Object.entries(consensus)) {
  const input = vary(presets.ethereum, (draft) => {
    draft.workload.for = '1h'
    draft.workload.arrivals = [{ kind: 'poisson', ratePerSecond: 1 }]
    draft.rails.ethereum.relays.nodes = 20
    Object.assign(draft.rails.ethereum.consensus.parameters, said, { sanctioned: accounts })
  })
  const { runs } = await runScenario(scenarioOf(input))
  const { sources, censorship } = runs[0]!.rails['ethereum']!.stake!
  const share = (100 * (sources?.censoring_share ?? 0)).toFixed()
  const [theirs, others] = [censorship!.sanctioned, censorship!.others].map((part) =>
    part.inclusion_delay_slots!.mean.toFixed(1),
  )
  console.log(`${name}: ${share} % of blocks censor, ${theirs} slots against ${others}`)
}
