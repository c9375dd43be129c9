// How much less electricity does Ethereum take for the same payments since the Merge?
// Run it with: npx tsx examples/energyOfTheMerge.ts
import { presets, type RailResult, runScenario, scenarioOf, vary } from 'counterpoise'

export type EnergyOptions = {
  minutes: number
  ratePerSecond: number
  /** Nodes without a say in each of the two networks; those of the presets unless given. */
  relays?: number | undefined
}

/** The same payments over Ethereum with proof of work, and with proof of stake. */
export async function compareEnergy({ minutes, ratePerSecond, relays }: EnergyOptions) {
  const run = async (name: 'ethereum-pow' | 'ethereum'): Promise<RailResult> => {
    const input = vary(presets[name], (draft) => {
      const arrivals = [{ kind: 'poisson', ratePerSecond }]
      const workload = { ...presets.ethereum.workload, for: `${minutes}m`, arrivals }
      Object.assign(draft, { workload, drain: '1h' })
      // The run ends with its payments, and not with a number of blocks.
      if ('blocks' in draft) delete draft.blocks
      if (relays !== undefined) draft.rails[name].relays.nodes = relays
    })
    const { result } = await runScenario(scenarioOf(input))
    return result.rails[name] as RailResult
  }
  const work = await run('ethereum-pow')
  const stake = await run('ethereum')
  return {
    work,
    stake,
    /** Shares: of the electrical power, and of the energy of a payment as it is allocated. */
    powerSaved: 1 - stake.energy_watts / work.energy_watts,
    saved: 1 - stake.energy_wh_per_payment! / work.energy_wh_per_payment!,
  }
}

if (process.argv[1] === import.meta.filename) {
  const { work, stake, saved } = await compareEnergy({ minutes: 60, ratePerSecond: 13 })
  console.log('', 'kW', 'Wh per payment', 'payments', 'p50 to inclusion, s', 'to finality, s')
  for (const [name, rail] of Object.entries({ work, stake })) {
    const times = [rail.time_to_inclusion_ms!.p50, rail.time_to_finality_ms!.p50]
    const cells = [rail.energy_watts / 1_000, rail.energy_wh_per_payment!, rail.included]
    console.log(name, ...[...cells, ...times.map((time) => time / 1_000)].map((n) => n.toFixed(1)))
  }
  console.log(`saved: ${(100 * saved).toFixed(4)} % of the energy of a payment`)
}
