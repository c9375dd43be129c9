import { createStream, minutes, seconds } from '@counterpoise/engine'
import { createPayments, toUsd, usd, type PaymentOrder } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { zipfAccounts } from './accounts.ts'
import { constantAmounts, lognormalAmounts } from './amounts.ts'
import { parseTrace } from './parseTrace.ts'
import { constantPatience, weightedPatience } from './patience.ts'
import { poisson } from './rateSteps.ts'
import { createWorkload, replayTrace, type Workload, type WorkloadOptions } from './workload.ts'

const stream = (purpose: string) => createStream({ seed: 'workload', replication: 0, purpose })

const options: WorkloadOptions = {
  arrivals: poisson({ ratePerSecond: 1_000 }),
  amounts: lognormalAmounts({ meanUsd: 63.7, sigma: 1.2 }),
  accounts: zipfAccounts({ count: 1_000, payerExponent: 0.5, payeeExponent: 1.05 }),
  patience: weightedPatience([
    { patience: seconds(8), weight: 3 },
    { patience: minutes(1), weight: 1 },
  ]),
  stream,
  until: seconds(20),
}

const all = (workload: Workload): PaymentOrder[] => {
  const orders: PaymentOrder[] = []
  for (let next = workload.next(); next !== undefined; next = workload.next()) {
    orders.push({ ...next })
  }
  return orders
}
const column = <key extends keyof PaymentOrder>(orders: PaymentOrder[], key: key) =>
  orders.map((order) => order[key])

describe('createWorkload', () => {
  const orders = all(createWorkload(options))

  test('default: orders in order of time, as many as expected', () => {
    expect(Math.abs(orders.length - 20_000)).toBeLessThan(4 * Math.sqrt(20_000))
    const times = column(orders, 'intendedAt')
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(times.at(-1)).toBeLessThan(seconds(20))
    expect(orders.every(({ from, to }) => from !== to)).toBe(true)
    const patient = orders.filter(({ patience }) => patience === minutes(1)).length
    expect(Math.abs(patient / orders.length - 0.25)).toBeLessThan(0.0125)
  })

  test('behavior: it goes on saying that there are no more, and counts', () => {
    const workload = createWorkload(options)
    const count = all(workload).length
    expect([workload.next(), workload.next(), workload.count()]).toEqual([
      undefined,
      undefined,
      count,
    ])
  })

  test('behavior: a smaller horizon gives a prefix', () => {
    const prefix = all(createWorkload({ ...options, until: seconds(3) }))
    expect(prefix.length).toBeGreaterThan(2_500)
    expect(prefix).toEqual(orders.slice(0, prefix.length))
    expect(orders[prefix.length]!.intendedAt).toBeGreaterThanOrEqual(seconds(3))
  })

  test('behavior: changing one part leaves the draws of the others as they were', () => {
    const variants: [keyof PaymentOrder, Partial<WorkloadOptions>][] = [
      ['amount', { amounts: lognormalAmounts({ medianUsd: 1, sigma: 2 }) }],
      ['amount', { amounts: constantAmounts(5) }],
      ['from', { accounts: zipfAccounts({ count: 50 }) }],
      ['patience', { patience: constantPatience(seconds(1)) }],
      ['intendedAt', { arrivals: poisson({ ratePerSecond: 900 }) }],
    ]
    for (const [changed, parts] of variants) {
      const others = all(createWorkload({ ...options, ...parts }))
      const count = Math.min(others.length, orders.length)
      for (const key of ['amount', 'from', 'patience', 'intendedAt'] as const) {
        const [before, after] = [orders, others].map((list) => column(list.slice(0, count), key))
        if (key === changed) expect(after).not.toEqual(before)
        else expect(after).toEqual(before)
      }
    }
  })

  test('behavior: each part has a stream of its own', () => {
    const purposes: string[] = []
    const open = (purpose: string) => {
      purposes.push(purpose)
      return stream(purpose)
    }
    createWorkload({ ...options, stream: open })
    expect(purposes.sort()).toEqual(
      ['accounts', 'amounts', 'arrivals', 'patience'].map((part) => `workload/${part}`),
    )
  })

  test('behavior: workloads of different names are independent', () => {
    const others = all(createWorkload({ ...options, name: 'remittances' }))
    expect(column(others, 'intendedAt').slice(0, 5)).not.toEqual(
      column(orders, 'intendedAt').slice(0, 5),
    )
  })

  test('behavior: one object is reused, and a table of payments copies it', () => {
    const workload = createWorkload(options)
    const payments = createPayments()
    const [first, second] = [workload.next()!, workload.next()!]
    expect(first).toBe(second)
    expect(payments.amount(payments.add(first))).toBe(orders[1]!.amount)
  })
})

describe('replayTrace', () => {
  const rowsOf = (text: string) => {
    const result = parseTrace(text)
    if (!result.ok) throw new Error(result.errors[0]!.message)
    return result.rows
  }
  const full = rowsOf('time,amount,from,to\n0,12.50,ann,shop\n250ms,3,bob,shop\n250ms,1,shop,ann\n')

  test('default: the payments of the trace', () => {
    const patience = constantPatience(seconds(5))
    const orders = all(replayTrace({ ...options, patience, rows: full, at: seconds(1) }))
    const common = { patience: seconds(5) }
    expect(orders).toEqual([
      { intendedAt: 1_000_000, amount: 12_500_000, from: 0, to: 1, ...common },
      { intendedAt: 1_250_000, amount: 3_000_000, from: 2, to: 1, ...common },
      { intendedAt: 1_250_000, amount: 1_000_000, from: 1, to: 0, ...common },
    ])
    expect(all(replayTrace({ ...options, rows: full, until: 250_000 })).length).toBe(1)
  })

  test('behavior: what the trace does not say is drawn', () => {
    const count = 2_000
    const lines = Array.from({ length: count }, (_, row) => `${row},${row % 2 === 0 ? 'a' : 'b'}`)
    for (const [key, other] of [['from', 'to'], ['to', 'from']] as const) {
      const rows = rowsOf(`time,${key}\n${lines.join('\n')}`)
      const accounts = zipfAccounts({ count: 3 })
      const orders = all(replayTrace({ ...options, until: minutes(60), accounts, rows }))
      expect(orders.length).toBe(count)
      expect(column(orders, key)).toEqual(orders.map((_, row) => row % 2))
      expect(orders.every(({ from, to }) => from !== to)).toBe(true)
      const third = orders.filter((order) => order[other] === 2).length
      expect(Math.abs(third - count / 2)).toBeLessThan(4 * Math.sqrt(count / 4))
      expect(orders.every(({ amount }) => amount >= usd(0.01))).toBe(true)
    }
  })

  test('behavior: more names than accounts are refused', () => {
    const accounts = zipfAccounts({ count: 2 })
    expect(() => replayTrace({ ...options, accounts, rows: full })).toThrow('at most 2 names')
  })
})

test('behavior: dollars per payment are those of US cards', () => {
  const orders = all(createWorkload({ ...options, until: seconds(100) }))
  const mean = orders.reduce((total, { amount }) => total + toUsd(amount), 0) / orders.length
  // The deviation of a lognormal is mean · √(exp σ² − 1) = 1.80 · mean.
  expect(Math.abs(mean - 63.7)).toBeLessThan((4 * 1.8 * 63.7) / Math.sqrt(orders.length))
})
