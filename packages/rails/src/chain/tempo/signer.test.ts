import { createSimulation, ms, seconds } from '@counterpoise/engine'
import { createPayments } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import type { TempoOptions } from './options.ts'
import { createTempoSigner } from './signer.ts'
import { plainTempo } from './testing.ts'

const tokens = [{ name: 'P', share: 1 }, { name: 'A', share: 1, quote: 'P' }]

/** Signs two hundred payments between as many accounts; account k pays the next one. */
function signAll(tempo: Partial<TempoOptions>, isLookedUp = (_token: number) => false) {
  const simulation = createSimulation({ seed: 'signer' })
  const payments = createPayments()
  const signer = createTempoSigner(simulation, {
    ...{ name: 'chain', payments, isLookedUp, bytesPerPayment: 251 },
    tempo: { ...plainTempo, ...tempo },
  })
  simulation.run({ until: seconds(3.7) })
  const signed = Array.from({ length: 200 }, (_, from) =>
    signer.sign(
      payments.add({ intendedAt: 0, from, to: (from + 1) % 200, amount: 1, patience: 1 }),
    ),
  )
  return { ...signer, signed, orders: signed.map(({ order }) => order) }
}

const shares = (changes: Partial<TempoOptions['shares']>) => ({
  shares: { ...plainTempo.shares, ...changes },
})
const nonces = (changes: Partial<TempoOptions['nonces']>) => ({
  nonces: { ...plainTempo.nonces, protocol: 0, ...changes },
})

test('default: a plain transfer, and the fee in the token that is paid with', () => {
  const { orders, tokenOf } = signAll({ tokens })
  const paid = orders.map(({ token }) => token)
  expect(paid).toEqual(orders.map(({ from }) => tokenOf(from)))
  expect(orders.map(({ feeToken }) => feeToken)).toEqual(paid)
  // Two tokens with equal shares: a hundred, and five deviations of seven.
  expect(Math.abs(paid.filter((token) => token === 1).length - 100)).toBeLessThan(36)
  expect(orders[0]).toMatchObject({
    ...{ lane: 'payment', nonce: 'protocol', nonceKey: 0, signature: 'secp256k1' },
    ...{ keychain: false, virtualAddress: false, customPolicy: false, callGas: undefined },
    validBefore: Number.MAX_SAFE_INTEGER,
  })
})

test('behavior: a sponsor pays in its own token', () => {
  const { orders, tokenOf } = signAll({ tokens, ...shares({ sponsored: 1 }) })
  expect(orders.map(({ feeToken }) => feeToken)).toEqual(
    orders.map(({ calls }) => tokenOf(calls[0]!.to)),
  )
})

test('behavior: an account has so many keys, from 1, and an end in whole seconds', () => {
  const keys = signAll(nonces({ key: 1 })).orders
  expect([...new Set(keys.map(({ nonceKey }) => nonceKey))].sort()).toEqual([1, 2, 3])
  const [expiring] = signAll(nonces({ expiring: 1 })).orders
  expect(expiring).toMatchObject({ nonce: 'expiring', nonceKey: 0, validBefore: 3 + 10 })
})

test('behavior: each share is of its own kind', () => {
  const count = (changes: Partial<TempoOptions['shares']>): number[] => {
    const { orders } = signAll(shares(changes))
    return [
      orders.filter(({ signature }) => signature === 'p256').length,
      orders.filter(({ keychain }) => keychain).length,
      orders.filter(({ lane }) => lane === 'general').length,
      orders.filter(({ virtualAddress }) => virtualAddress).length,
    ]
  }
  expect(count({ p256: 1 })).toEqual([200, 0, 0, 0])
  expect(count({ keychain: 1 })).toEqual([0, 200, 0, 0])
  expect(count({ general: 1 })).toEqual([0, 0, 200, 0])
  expect(count({ virtualAddress: 1 })).toEqual([0, 0, 0, 200])
})

test('behavior: a list is looked up for the token that has one', () => {
  const { orders } = signAll({ tokens }, (token) => token === 1)
  expect(orders.map(({ customPolicy }) => customPolicy)).toEqual(
    orders.map(({ token }) => token === 1),
  )
})

test('behavior: who pays no request waits for no terms', () => {
  const challengeMs = { kind: 'constant', value: 70 } as const
  const delays = (share: number): number[] =>
    signAll({ charges: { share, challengeMs } }).signed.map(({ delay }) => delay)
  expect(new Set(delays(0))).toEqual(new Set([0]))
  expect(new Set(delays(1))).toEqual(new Set([ms(70)]))
})
