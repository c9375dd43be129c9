import { ms } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { doAt, scripted } from './testing/scripted.ts'

test('after an outage messages wait for the new work, not for what was interrupted', () => {
  const { simulation, cluster, lines } = scripted((context, log) => ({
    start: () => {
      if (context.self === 0) context.spend(ms(100))
      else {
        context.send(0, { text: 'lost' }, 1)
        context.setTimer(0, ms(22))
      }
    },
    receive: (_, { text }) => log(text),
    expire: () => context.send(0, { text: 'heard' }, 1),
    recover: () => context.spend(ms(10)),
  }))
  // 'lost' comes at 10 ms and waits for the end of the work, at 100 ms.
  doAt(simulation, ms(20), () => cluster.network.takeDown(0))
  doAt(simulation, ms(25), () => cluster.network.bringUp(0))
  simulation.run()
  // 'heard' comes at 32 ms; the work of the recovery ends at 35 ms.
  expect(lines).toEqual(['35 #0 heard'])
})
