import { seconds } from '@counterpoise/engine'
import { tempoChannelGas, usd } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { createTempo, plainTempo } from './testing.ts'

const sessions = { ...plainTempo.sessions, share: 1, deposit: usd(10), closeAfter: seconds(60) }
/** ⌈6e8 · gas ÷ 10¹²⌉ millionths of a dollar. */
const feeOf = (what: keyof typeof tempoChannelGas): number =>
  Math.ceil((6e8 * tempoChannelGas[what]) / 1e12)

function createSession(changes: Parameters<typeof createTempo>[0] = {}) {
  const tempo = createTempo({ sessions, ...changes }, 5_000_000)
  const { next, payments, rail, simulation, wait } = tempo
  return {
    ...tempo,
    goOn: (blocks: number): void => {
      for (let k = 0; k < blocks; k++) {
        wait(500)
        next()
      }
    },
    send: (from: number, to: number, dollars = 1): number => {
      const intendedAt = simulation.now()
      const patience = seconds(60)
      const payment = payments.add({ intendedAt, from, to, amount: usd(dollars), patience })
      rail.submit(payment)
      return payment
    },
  }
}

test('a deposit is raised to what a payment lacks, where that is more than a deposit', () => {
  const { book, goOn, send } = createSession()
  send(0, 1)
  goOn(2)
  // Nine dollars are left, and twenty are to be paid.
  send(0, 1, 20)
  goOn(2)
  expect(book.balance(0)).toBe(usd(100 - 10 - 11) - feeOf('open') - feeOf('topUp'))
  expect([book.balance(1), book.inFlight()]).toEqual([usd(121), 0])
  // Whatever is less is added as a whole deposit.
  send(0, 1, 2)
  goOn(2)
  expect([book.balance(1), book.inFlight()]).toEqual([usd(123), usd(8)])
})

test('behavior: who can deposit and cannot pay for that has all its money', () => {
  const { book, goOn, payments, rail, send } = createSession({
    sessions: { ...sessions, deposit: usd(100) },
  })
  const payment = send(0, 1)
  expect(payments.reason(payment)).toBe('insufficient funds')
  goOn(2)
  expect([book.balance(0), book.inFlight(), rail.unfinished!()]).toEqual([usd(100), 0, 0])
})

test('behavior: both directions of a pair have channels, and nobody has one to itself', () => {
  const { book, goOn, payments, rail, records, send } = createSession()
  const ids = [send(0, 1), send(1, 0), send(2, 2)]
  goOn(2)
  expect(ids.map((id) => payments.state(id))).toEqual(['final', 'final', 'final'])
  expect([rail.unfinished!(), book.inFlight()]).toEqual([2, usd(18)])
  expect(records()).toMatchObject({ payments: 1, sessions: { opened: 2, vouchers: 2 } })
})

test('behavior: a top-up is signed as its payer signs by then', () => {
  const nonces = { ...plainTempo.nonces, protocol: 0, expiring: 1, validForSeconds: 2 }
  const { goOn, payments, records, send } = createSession({ nonces })
  send(0, 1)
  goOn(20)
  // The first signature was good for two seconds.
  const later = send(0, 1, 20)
  goOn(2)
  expect(payments.state(later)).toBe('final')
  expect(records().sessions).toMatchObject({ opened: 1, toppedUp: 1 })
})

test('what producers receive is told by the token that each of them takes', () => {
  const { next, pay, records, wait } = createTempo({
    tokens: [{ name: 'P', share: 1 }, { name: 'B', share: 0 }],
    pools: [{ from: 'P', to: 'B', liquidity: 1_000_000 }],
    validatorTokens: { v1: 'B' },
  })
  for (const proposer of [0, 1, 1]) {
    pay()
    wait(60)
    next(proposer)
  }
  // 24 millionths each, of which ⌊24 · 0.997⌋ come through the Fee AMM.
  expect(records().received).toEqual(new Map([['P', 24], ['B', 46]]))
})

test('gas of other traffic counts in blocks that it is in', () => {
  const gasAt = (priceLimit: number): number => {
    const otherTraffic = { unitsPerBlock: 100_000, givesWay: false, priceLimit }
    const { next, records } = createTempo({}, undefined, { otherTraffic })
    next()
    next()
    expect(records().gas).toBe(records().otherGas)
    return records().otherGas
  }
  expect([gasAt(6e8), gasAt(6e8 - 1)]).toEqual([200_000, 0])
})

test('behavior: what is gathered for a batch can be given up; it is no charge', () => {
  const batches = { ...plainTempo.batches, share: 1, window: seconds(3) }
  const { pay, payments, records, wait } = createTempo({ batches })
  const impatient = pay({ patience: seconds(0.2) })
  wait(2_000)
  expect([payments.state(impatient), records().charges]).toEqual(['expired', 0])
})
