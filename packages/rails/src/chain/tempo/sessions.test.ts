import { ms, seconds } from '@counterpoise/engine'
import { tempoChannelGas, usd } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { createTempo, plainTempo } from './testing.ts'

const sessions = { ...plainTempo.sessions, share: 1, deposit: usd(10), closeAfter: seconds(5) }
/** ⌈6e8 · gas ÷ 10¹²⌉ millionths of a dollar. */
const feeOf = (what: keyof typeof tempoChannelGas): number =>
  Math.ceil((6e8 * tempoChannelGas[what]) / 1e12)

/** A chain with room for any transaction, whose blocks come every half second. */
function createSession(options: Partial<typeof sessions> = {}, mempoolUnits = 100_000_000) {
  const given = { sessions: { ...sessions, ...options } }
  const tempo = createTempo(given, 5_000_000, { mempoolUnits })
  const goOn = (blocks: number): void => {
    for (let k = 0; k < blocks; k++) {
      tempo.wait(500)
      tempo.next()
    }
  }
  return { ...tempo, goOn }
}

describe('sessions', () => {
  test('default: of k payments, two transactions are on the chain', () => {
    const { book, goOn, pay, payments, rail, records, wait } = createSession()
    const first = pay({ from: 0 })
    goOn(1)
    // In the pool after 50 ms, final with the block at 500 ms; the voucher takes 30 ms.
    wait(29)
    expect(payments.state(first)).toBe('submitted')
    wait(1)
    expect([payments.state(first), payments.finalAt(first)]).toEqual(['final', ms(530)])
    const rest = Array.from({ length: 8 }, () => pay({ from: 0 }))
    wait(30)
    expect(rest.map((id) => payments.state(id))).toEqual(rest.map(() => 'final'))
    expect(rest.map((id) => payments.fee(id))).toEqual(rest.map(() => 0))
    expect([book.balance(0), book.balance(1)]).toEqual([
      ...[usd(90) - feeOf('open'), usd(109)],
    ])
    expect([rail.inFlight(), rail.unfinished!()]).toEqual([0, 1])
    goOn(12)
    expect(records()).toMatchObject({
      ...{ transactions: 2, payments: 0, gas: tempoChannelGas.open + tempoChannelGas.close },
      sessions: { opened: 1, toppedUp: 0, settled: 0, closed: 1, vouchers: 9 },
    })
    // What was left of the deposit came back; the payee has paid for the end.
    expect([book.balance(0), book.balance(1)]).toEqual([
      ...[usd(91) - feeOf('open'), usd(109) - feeOf('close')],
    ])
    expect([rail.unfinished!(), book.inFlight(), book.discrepancy()]).toEqual([0, 0, 0])
  })

  test('behavior: a deposit that is used up is topped up, and settled from time to time', () => {
    const { book, goOn, pay, payments, records } = createSession({ settleEvery: seconds(2) })
    const ids: number[] = []
    for (let k = 0; k < 25; k++) {
      ids.push(pay({ from: 0 }))
      goOn(1)
    }
    goOn(14)
    expect(ids.map((id) => payments.state(id))).toEqual(ids.map(() => 'final'))
    // 25 $ out of deposits of ten: one opens, two top up. 25 payments in 12.5 seconds are settled
    // two seconds after the first one that is not.
    const { sessions: found } = records()
    expect(found).toMatchObject({ opened: 1, toppedUp: 2, closed: 1, vouchers: 25 })
    expect(found.settled).toBe(6)
    expect(records().transactions).toBe(1 + 2 + 6 + 1)
    expect(book.balance(1)).toBe(usd(125) - 6 * feeOf('settle') - feeOf('close'))
    expect([book.inFlight(), book.discrepancy()]).toEqual([0, 0])
  })

  test('behavior: who cannot deposit enough, or gives up, has its money', () => {
    const { book, goOn, pay, payments, wait } = createSession({ deposit: usd(60) })
    const impatient = pay({ from: 2, patience: ms(200) })
    const [one, two] = [pay({ from: 0, amount: usd(70) }), pay({ from: 0, amount: usd(70) })]
    wait(1_300)
    goOn(2)
    expect(payments.state(impatient)).toBe('expired')
    expect([payments.state(one), payments.reason(two)]).toEqual(['final', 'insufficient funds'])
    goOn(14)
    expect([book.balance(0), book.balance(1)]).toEqual([
      ...[usd(30) - feeOf('open'), usd(170) - feeOf('close')],
    ])
    // The channel of the impatient one opens and is closed without a payment.
    expect(book.balance(2)).toBe(usd(100) - feeOf('open'))
    expect([book.inFlight(), book.discrepancy()]).toEqual([0, 0])
  })

  test('behavior: what a voucher was to pay that comes too late is left in the channel', () => {
    const { book, goOn, pay, payments } = createSession({
      voucherMs: { kind: 'constant', value: 2_500 },
    })
    const first = pay({ from: 0 })
    goOn(6)
    expect(payments.state(first)).toBe('final')
    const late = pay({ from: 0, patience: seconds(1) })
    goOn(5)
    expect(payments.state(late)).toBe('expired')
    goOn(12)
    expect([book.balance(0), book.inFlight()]).toEqual([usd(99) - feeOf('open'), 0])
  })

  test('behavior: a session with a voucher under way is not silent', () => {
    const { goOn, pay, payments, records } = createSession({
      voucherMs: { kind: 'constant', value: 8_000 },
    })
    const late = pay({ from: 0, patience: seconds(60) })
    goOn(14)
    // Open since 500 ms, silent for the 5 s after which it would be closed.
    expect(payments.state(late)).toBe('submitted')
    expect(records().sessions).toMatchObject({ opened: 1, closed: 0, vouchers: 0 })
    goOn(20)
    expect(payments.state(late)).toBe('final')
    expect(records().sessions).toMatchObject({ opened: 1, closed: 1, vouchers: 1 })
  })

  test('behavior: a session goes on to its end where a payment was given up meanwhile', () => {
    const { goOn, pay, payments, rail } = createSession({
      voucherMs: { kind: 'constant', value: 2_500 },
    })
    pay({ from: 0 })
    goOn(14)
    // Its voucher came at 3 s. When that is 5 s ago, another one is under way, until 9 s.
    const late = pay({ from: 0, patience: seconds(1.5) })
    goOn(5)
    expect([payments.state(late), rail.unfinished!()]).toEqual(['expired', 1])
    goOn(9)
    expect(rail.unfinished!()).toBe(1)
    goOn(2)
    expect(rail.unfinished!()).toBe(0)
  })

  test('behavior: nor does a deposit that is lost keep it from its end', () => {
    // The pool has room for one transaction that opens a channel.
    const { book, goOn, next, pay, payments, rail, wait } = createSession({}, 320_000)
    pay({ from: 0 })
    goOn(10)
    wait(490)
    pay({ from: 2 })
    wait(10)
    next()
    // Since 530 ms there was no voucher. At 5,550 ms the other one's channel is in the pool.
    const large = pay({ from: 0, amount: usd(20) })
    wait(30)
    expect(payments.state(large)).toBe('submitted')
    wait(470)
    next()
    expect(payments.reason(large)).toBe('mempool full')
    expect(rail.unfinished!()).toBe(2)
    goOn(26)
    expect([rail.unfinished!(), book.inFlight()]).toEqual([0, 0])
  })

  test('behavior: what a policy refuses opens no channel', () => {
    const reject = { token: 'P', kind: 'reject all', checks: 'both', listed: 0 } as const
    const policies = { accounts: 4, updateGas: 50_000, policies: [reject], updates: [] }
    const tempo = createTempo({ sessions, policies }, 5_000_000)
    const refused = tempo.pay({ from: 0 })
    for (let k = 0; k < 4; k++) {
      tempo.wait(500)
      tempo.next()
    }
    expect(tempo.payments.state(refused)).toBe('failed')
    expect(tempo.records().sessions).toMatchObject({ opened: 0, vouchers: 0 })
  })

  test('behavior: without a place in the pool, all that wait for the channel fail', () => {
    const { book, pay, payments, rail, wait } = createTempo(
      { sessions, tokens: [{ name: 'A', share: 1 }], validatorTokens: { v0: 'P', v1: 'P' } },
      5_000_000,
    )
    const ids = [pay({ from: 0 }), pay({ from: 0 })]
    wait(60)
    expect(ids.map((id) => payments.reason(id))).toEqual(ids.map(() => 'no fee liquidity'))
    expect([book.balance(0), book.inFlight(), rail.unfinished!()]).toEqual([usd(100), 0, 0])
  })

  describe('a settlement that is lost', () => {
    const slow = { settleEvery: seconds(2), closeAfter: seconds(60) }

    test('is sent again after a while, for all that is not settled by then', () => {
      // The pool has room for one transaction of a channel.
      const { goOn, pay, records, wait } = createSession(slow, 400_000)
      pay({ from: 0 })
      goOn(5)
      // Its voucher came at 530 ms. Somebody else fills the pool before 2,580 ms, and pays nothing
      // in the end; a further voucher comes at 2,550 ms, before the loss is known.
      pay({ from: 2, patience: ms(100) })
      wait(20)
      pay({ from: 0 })
      wait(480)
      goOn(3)
      expect(records().sessions).toMatchObject({ settled: 0, vouchers: 2 })
      // What was lost goes with that voucher, at 4,550 ms, and not once more soon after it.
      wait(30)
      pay({ from: 0 })
      wait(470)
      goOn(3)
      expect(records().sessions).toMatchObject({ settled: 1, vouchers: 3 })
      goOn(1)
      expect(records().sessions).toMatchObject({ settled: 2, vouchers: 3 })
    })

    test('behavior: also where no voucher comes any more', () => {
      const { goOn, pay, records } = createSession(slow, 400_000)
      pay({ from: 0 })
      goOn(5)
      pay({ from: 2, patience: ms(100) })
      // Lost at 2,580 ms, so in the pool again at 4,630 ms.
      goOn(4)
      expect(records().sessions.settled).toBe(0)
      goOn(1)
      expect(records().sessions.settled).toBe(1)
      goOn(20)
      expect(records().sessions.settled).toBe(1)
    })

    test.each([1_200, 3_000])('behavior: the end settles all (due after %i ms)', (after) => {
      // Silent since 530 ms; the end is sent at 1,530 ms and final at 2,000 ms.
      const options = { settleEvery: ms(after), closeAfter: seconds(1) }
      const { goOn, pay, records } = createSession(options)
      pay({ from: 0 })
      goOn(12)
      expect(records().sessions).toMatchObject({ settled: 0, closed: 1, vouchers: 1 })
    })

    test('behavior: so is one that its payee could not pay for', () => {
      const { book, goOn, pay, records } = createSession(slow)
      pay({ from: 0 })
      goOn(3)
      const all = book.balance(1)
      expect(book.hold(1, all)).toBe(true)
      goOn(3)
      book.release(1, all)
      // At 2,530 and at 4,530 ms.
      goOn(3)
      expect(records().sessions.settled).toBe(0)
      goOn(1)
      expect(records().sessions.settled).toBe(1)
      expect(book.balance(1)).toBe(usd(101) - feeOf('settle'))
    })
  })
})
