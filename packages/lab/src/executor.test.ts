import { expect, test } from 'vitest'
import { inProcess } from './executor.ts'
import { smallScenario } from './testing.ts'

test('default: in process, timers and signals of the caller get through', async () => {
  const scenario = smallScenario((draft) => {
    draft.workload.for = '30d'
    draft.faults = []
  })
  const interrupt = new AbortController()
  setTimeout(() => interrupt.abort(), 10)
  const tasks = [{ scenario, variant: 'tempo', replication: 0 }]
  const [outcome] = await inProcess().run(tasks, { signal: interrupt.signal })
  expect(outcome!.cutBy).toBe('interruption')
  expect(outcome!.simulated_seconds).toBeLessThan(30 * 86_400)
})
