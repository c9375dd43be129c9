import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as reference from '../testing/referenceBuilders.ts'
import {
  builderQuorumGwei,
  cancelPayment,
  canCoverBid,
  cloneBuilderLedger,
  createBuilderLedger,
  endBuilderEpoch,
  payFromBuilders,
  recordBid,
  settleParentPayment,
  weighPayment,
} from './builderPayments.ts'
import { forkProfile } from './forkProfiles.ts'

const rules = forkProfile('gloas').builders!
const gwei = 1_000_000_000
const epochOf = (slot: number): number => Math.floor(slot / 32)
const firstSlot = 256

/** A block so many slots on, what it builds on, bids and holds. */
const step = fc.record({
  gap: fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.nat(70) }),
  isFull: fc.boolean(),
  builder: fc.nat(2),
  amountGwei: fc.oneof(fc.nat(3 * gwei), fc.constant(0)),
  proposer: fc.nat(3),
  /** Votes for the block so many slots before, in 5 % of a slot's stake. */
  votes: fc.array(
    fc.record({
      back: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 50 })),
      parts: fc.nat(20),
    }),
    { maxLength: 4 },
  ),
  slashing: fc.option(fc.record({ back: fc.nat(70), proposer: fc.nat(3) }), { freq: 12 }),
})

/** Active stake, ETH. */
const stake = fc.integer({ min: 2_000, max: 9_999 })

test('builders pay what the specification says, over random chains', () => {
  const counts = { quorum: 0, settled: 0, lapsed: 0, uncovered: 0 }
  fc.assert(
    fc.property(fc.array(step, { minLength: 60, maxLength: 150 }), stake, (steps, ether) => {
      const balances = [400 * gwei, 20 * gwei, gwei]
      let ledger = createBuilderLedger(balances)
      const total = BigInt(ether) * 10n ** 9n
      const state = reference.genesis_builders(balances.map(BigInt), firstSlot, total)
      let slot = firstSlot
      for (const { gap, isFull, builder, amountGwei, proposer, votes, slashing } of steps) {
        const before = slot
        slot += Math.max(1, gap)
        const epoch = epochOf(slot)
        ledger = cloneBuilderLedger(ledger)
        reference.process_slots(state, slot)
        for (let ended = epochOf(before); ended < epoch; ended++) {
          endBuilderEpoch(ledger, ether, rules)
        }
        if (isFull) {
          settleParentPayment(ledger, epoch)
          payFromBuilders(ledger, rules)
          reference.process_parent_execution_payload(state)
          reference.process_withdrawals(state)
        }
        const isCovered = canCoverBid(ledger, builder, amountGwei, rules)
        expect(isCovered).toBe(reference.can_builder_cover_bid(state, builder, BigInt(amountGwei)))
        if (!isCovered) counts.uncovered++
        const bid = isCovered ? { builder, amountGwei } : { builder: -1, amountGwei: 0 }
        recordBid(ledger, { slot, proposer, ...bid })
        const amount = BigInt(bid.amountGwei)
        reference.process_execution_payload_bid(state, proposer, bid.builder, amount)
        if (slashing !== null) {
          cancelPayment(ledger, slot - slashing.back, epoch, slashing.proposer)
          reference.process_proposer_slashing(state, slot - slashing.back, slashing.proposer)
        }
        for (const { back, parts } of votes) {
          if (epochOf(slot - back) < epoch - 1) continue
          const voted = Math.floor((ether * parts) / 640)
          weighPayment(ledger, slot - back, epoch, voted)
          reference.process_attestation(state, slot - back, BigInt(voted) * 10n ** 9n)
        }
        expect(ledger.balances.map(BigInt)).toEqual(state.balances)
        expect(ledger.waiting.map((each) => [each.builder, BigInt(each.amountGwei)])).toEqual(
          state.pending_withdrawals.map((each) => [each.builder_index, each.amount]),
        )
        expect(ledger.payments.map((each) => BigInt(each?.weightEther ?? 0) * 10n ** 9n)).toEqual(
          state.pending_payments.map(({ weight }) => weight),
        )
        expect(ledger.payments.map((each) => BigInt(each?.amountGwei ?? 0))).toEqual(
          state.pending_payments.map(({ withdrawal }) => withdrawal.amount),
        )
      }
      const waiting = ledger.waiting.reduce((sum, { amountGwei }) => sum + amountGwei, 0)
      const { settledGwei, quorumGwei, lapsedGwei, paidGwei } = ledger
      expect(settledGwei + quorumGwei).toBe(paidGwei + waiting)
      counts.quorum += Math.sign(quorumGwei)
      counts.settled += Math.sign(settledGwei)
      counts.lapsed += Math.sign(lapsedGwei)
    }),
    fuzzParameters(150),
  )
  // All that may become of a payment occurs.
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(30)
})

test('the quorum is 60 % of a slot’s stake, in Gwei, exact beyond 2⁵³', () => {
  // 38,700,001 ETH: a 32nd is 1,209,375,031,250,000 Gwei.
  expect(builderQuorumGwei(38_700_001, rules)).toBe(725_625_018_750_000n)
  const paid = (weightEther: number): number => {
    const ledger = createBuilderLedger([100 * gwei])
    recordBid(ledger, { slot: 300, proposer: 1, builder: 0, amountGwei: 7 })
    weighPayment(ledger, 300, 9, weightEther)
    for (let epoch = 0; epoch < 2; epoch++) endBuilderEpoch(ledger, 3_200, rules)
    return ledger.quorumGwei
  }
  expect([paid(59), paid(60), paid(61)]).toEqual([0, 7, 7])
})

test('a payload pays the fifteen oldest, and no builder more than it has', () => {
  const ledger = createBuilderLedger([10])
  const owed = (proposer: number) => ({ builder: 0, proposer, amountGwei: 1 })
  ledger.waiting = Array.from({ length: 20 }, (_, k) => owed(k))
  payFromBuilders(ledger, rules)
  expect([ledger.balances, ledger.waiting[0]!.proposer, ledger.paidGwei]).toEqual([[0], 15, 15])
})
