import { ms } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { doAt, type Script, scripted } from './testing/scripted.ts'

describe('the processor', () => {
  test('work delays what is sent after it, in order, and moves the clock', () => {
    const { simulation, lines } = scripted((context, log) => ({
      start: () => {
        if (context.self !== 0) return
        context.send(1, { text: 'before' }, 1)
        context.spend(ms(5))
        log(`clock ${context.now() / 1_000}`)
        context.send(1, { text: 'after' }, 1)
        context.spend(ms(7))
        context.broadcast({ text: 'last' }, 1)
      },
      receive: (from, { text }) => log(`${text} from ${from}`),
    }))
    simulation.run()
    expect(lines).toEqual([
      '0 #0 clock 5',
      '10 #1 before from 0',
      '15 #1 after from 0',
      '22 #1 last from 0',
    ])
  })

  test('what comes in during work waits and keeps its order, timers included', () => {
    const { simulation, lines } = scripted((context, log) => ({
      start: () => {
        if (context.self === 1) context.setTimer(3, ms(11))
        else for (const text of ['a', 'b']) context.send(1, { text }, 1)
      },
      receive: (_, { text }) => {
        log(text)
        context.spend(ms(20))
      },
      expire: (timer) => log(`timer ${timer}`),
    }))
    simulation.run()
    expect(lines).toEqual(['10 #1 a', '30 #1 b', '50 #1 timer 3'])
  })

  test('at the instant when the work is done, what waited comes first', () => {
    const { simulation, lines } = scripted(
      (context, log) => ({
        start: () => {
          if (context.self === 0) {
            context.spend(ms(10))
            context.send(1, { text: 'worked for' }, 1)
          } else if (context.self === 1) context.send(0, { text: 'question' }, 1)
          else {
            context.send(0, { text: 'late' }, 1)
            context.spend(ms(1))
            context.send(0, { text: 'later' }, 1)
          }
        },
        receive: (from, { text }) => {
          log(`${text} from ${from}`)
          if (text === 'question') {
            context.send(1, { text: 'answer' }, 1)
            context.spend(ms(1))
          }
        },
      }),
      { size: 3 },
    )
    simulation.run()
    // The question arrives at 10 ms, when the work is done but its letter has not left yet.
    expect(lines).toEqual([
      '10 #0 question from 1',
      '11 #0 late from 2',
      '11 #0 later from 2',
      '20 #1 worked for from 0',
      '20 #1 answer from 0',
    ])
  })

  test('reports leave with the messages, when the work is done', () => {
    const { simulation, cluster, lines } = scripted((context) => ({
      start: () => {
        if (context.self !== 0) return
        context.spend(ms(4))
        const block = context.build(0, { round: 1 })
        context.report.proposed(block)
        context.report.headChanged(block)
      },
    }))
    cluster.observe({
      proposed: (node, block) => lines.push(`${simulation.now()} #${node} ${block}`),
      headChanged: (node, head, previous) => lines.push(`#${node} ${previous} to ${head}`),
    })
    simulation.run({ until: ms(3) })
    expect(lines).toEqual([])
    expect(cluster.head(0)).toBe(0)
    simulation.run()
    expect(lines).toEqual(['4000 #0 1', '#0 0 to 1'])
    expect(cluster.head(0)).toBe(1)
    expect(cluster.blocks.time(1)).toBe(ms(4))
  })

  test('nobody hears a message before he has started', () => {
    const heard: string[] = []
    const { simulation } = scripted(
      (context) => ({
        start: () => {
          heard.push(`start ${context.self}`)
          context.broadcast({ text: 'hello' }, 1)
        },
        receive: () => heard.push(`message ${context.self}`),
      }),
      { latencyMs: 0 },
    )
    simulation.run()
    expect(heard).toEqual(['start 0', 'start 1', 'message 1', 'message 0'])
  })
})

describe('timers', () => {
  test('starting a timer again replaces it, clearing takes it away', () => {
    const { simulation, lines } = scripted(
      (context, log) => ({
        start: () => {
          context.setTimer(0, ms(5))
          context.setTimer(0, ms(9))
          context.setTimer(1, ms(6))
          context.setTimer(2, ms(7))
          context.clearTimer(1)
          context.clearTimer(7)
        },
        expire: (timer) => log(`timer ${timer}`),
      }),
      { size: 1 },
    )
    simulation.run()
    expect(lines).toEqual(['7 #0 timer 2', '9 #0 timer 0'])
  })

  test('a timer that waits for the processor can still be cleared or replaced', () => {
    const { simulation, lines } = scripted(
      (context, log) => ({
        start: () => {
          for (const timer of [0, 1, 2]) context.setTimer(timer, ms(1 + timer))
          context.setTimer(3, ms(1))
        },
        expire: (timer) => {
          log(`timer ${timer}`)
          if (timer !== 0) return
          context.spend(ms(10))
          context.setTimer(4, 0)
        },
        recover: () => {},
      }),
      { size: 1 },
    )
    simulation.run()
    expect(lines).toEqual([
      '1 #0 timer 0',
      '11 #0 timer 3',
      '11 #0 timer 1',
      '11 #0 timer 2',
      '11 #0 timer 4',
    ])
  })

  test('clearing from within reaches a timer that waits already', () => {
    const { simulation, lines } = scripted(
      (context, log) => ({
        start: () => {
          context.setTimer(0, ms(1))
          context.setTimer(1, ms(2))
          context.setTimer(2, ms(3))
          context.spend(ms(10))
        },
        expire: (timer) => {
          log(`timer ${timer}`)
          context.clearTimer(1)
        },
      }),
      { size: 1 },
    )
    simulation.run()
    expect(lines).toEqual(['10 #0 timer 0', '10 #0 timer 2'])
  })
})

describe('outages', () => {
  const pinging: Script = (context, log) => ({
    start: () => context.setTimer(context.self, ms(100)),
    receive: (from, { text }) => log(`${text} from ${from}`),
    expire: (timer) => {
      log(`timer ${timer}`)
      context.broadcast({ text: 'ping' }, 1)
    },
    recover: () => log('recover'),
  })

  test('a timer of a node that is down expires after it has recovered', () => {
    const { simulation, cluster, lines } = scripted(pinging)
    doAt(simulation, ms(50), () => cluster.network.takeDown(0))
    doAt(simulation, ms(300), () => cluster.network.bringUp(0))
    simulation.run()
    // The ping of member 1 at 100 ms is lost.
    expect(lines).toEqual([
      '100 #1 timer 1',
      '300 #0 recover',
      '300 #0 timer 0',
      '310 #1 ping from 0',
    ])
  })

  test('a timer that waited for the processor when the node went down is kept', () => {
    const { simulation, cluster, lines } = scripted(
      (context, log) => ({
        start: () => {
          context.setTimer(0, ms(5))
          context.spend(ms(20))
        },
        expire: (timer) => log(`timer ${timer}`),
        recover: () => log('recover'),
      }),
      { size: 1 },
    )
    doAt(simulation, ms(10), () => cluster.network.takeDown(0))
    doAt(simulation, ms(40), () => cluster.network.bringUp(0))
    simulation.run()
    expect(lines).toEqual(['40 #0 recover', '40 #0 timer 0'])
  })

  test('recovery may clear and replace timers, and work delays those that are overdue', () => {
    const { simulation, cluster, lines } = scripted(
      (context, log) => ({
        start: () => [0, 1, 2].forEach((timer) => context.setTimer(timer, ms(15))),
        expire: (timer) => log(`timer ${timer}`),
        recover: () => {
          context.clearTimer(0)
          context.setTimer(1, ms(9))
          context.spend(ms(5))
        },
      }),
      { size: 1 },
    )
    doAt(simulation, ms(10), () => cluster.network.takeDown(0))
    doAt(simulation, ms(40), () => cluster.network.bringUp(0))
    simulation.run()
    expect(lines).toEqual(['45 #0 timer 2', '49 #0 timer 1'])
  })

  test('an outage interrupts work: what would have left after it never leaves', () => {
    const { simulation, cluster, lines } = scripted((context, log) => ({
      start: () => {
        if (context.self !== 0) return
        context.spend(ms(30))
        context.send(1, { text: 'lost' }, 1)
        context.report.finalised(context.build(0, { round: 1 }))
      },
      receive: (_, { text }) => log(text),
      recover: () => context.send(1, { text: 'back' }, 1),
    }))
    doAt(simulation, ms(10), () => cluster.network.takeDown(0))
    doAt(simulation, ms(20), () => cluster.network.bringUp(0))
    doAt(simulation, ms(21), () => lines.push(`final: ${cluster.finalised(0)}`))
    simulation.run()
    expect(lines).toEqual(['final: 1', '30 #1 back'])
  })

  test('a message under way to a node that is down is lost, also where it waited already', () => {
    const { simulation, cluster, lines } = scripted((context, log) => ({
      start: () => {
        if (context.self === 0) for (const text of ['a', 'b']) context.send(1, { text }, 1)
        else context.setTimer(0, ms(25))
      },
      receive: (_, { text }) => {
        log(text)
        context.spend(ms(50))
      },
      expire: () => log('timer'),
    }))
    doAt(simulation, ms(20), () => cluster.network.takeDown(1))
    doAt(simulation, ms(22), () => cluster.network.bringUp(1))
    simulation.run()
    expect(lines).toEqual(['10 #1 a', '25 #1 timer'])
  })

  test('a node that is down at the beginning starts when it comes up', () => {
    const { simulation, cluster, lines } = scripted((_, log) => ({
      start: () => log('start'),
      recover: () => log('recover'),
    }))
    cluster.network.takeDown(0)
    doAt(simulation, ms(30), () => cluster.network.bringUp(0))
    doAt(simulation, ms(40), () => cluster.network.takeDown(0))
    doAt(simulation, ms(50), () => cluster.network.bringUp(0))
    simulation.run()
    expect(lines).toEqual(['0 #1 start', '30 #0 start', '50 #0 recover'])
  })
})
