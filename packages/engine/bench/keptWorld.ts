import {
  type EventHandle,
  ms,
  priorities,
  type Simulation,
  type SimulationOptions,
  createSimulation,
} from '../src/index.ts'

/** A world whose whole state is kept, so that it can be saved, restored and forked. */
export type KeptWorld = {
  simulation: Simulation
  balances: Int32Array
  log: () => readonly string[]
}

/**
 * Accounts that pass money on with random delays, ties and timers that are taken back.
 *
 * @param perturbedAt The number of a payment that takes a microsecond longer.
 */
export function createKeptWorld(options: SimulationOptions, perturbedAt = -1): KeptWorld {
  const simulation = createSimulation(options)
  const accounts = 20
  const balances = new Int32Array(accounts).fill(100)
  const timers = new Map<number, EventHandle>()
  let log: readonly string[] = []
  let payments = 0

  const pay = simulation.define('pay', (from, to) => {
    const stream = simulation.stream('delay', from)
    balances[from]!--
    balances[to]!++
    const running = timers.get(to)
    if (running !== undefined) simulation.cancel(running)
    timers.set(to, simulation.after(ms(3), idle, to))
    const delay = ms(stream.below(5)) + (payments === perturbedAt ? 1 : 0)
    payments++
    // Opened as late as its first use, so that a snapshot may come before it.
    simulation.after(delay, pay, to, simulation.stream('payee', String(to)).below(accounts))
  })
  const idle = simulation.define(
    'idle',
    (account) => {
      timers.delete(account)
      log = [...log.slice(-9), `${account} idle at ${simulation.now()}`]
    },
    priorities.timer,
  )
  for (let from = 0; from < 8; from++) simulation.at(0, pay, from, from + 1)

  simulation.keep('balances', { save: () => balances, restore: (saved) => balances.set(saved) })
  simulation.keep('rest', {
    save: () => ({ timers, log, payments }),
    restore: (saved) => {
      timers.clear()
      for (const [account, handle] of saved.timers) timers.set(account, handle)
      log = saved.log
      payments = saved.payments
    },
  })
  return { simulation, balances, log: () => log }
}
