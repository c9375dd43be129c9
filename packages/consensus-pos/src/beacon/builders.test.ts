import { createSimulation, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { balancing } from './balancing.ts'
import { createBeaconNetwork } from './beaconNetwork.ts'
import type { BeaconNetworkOptions } from './beaconOptions.ts'
import type { BeaconBlock } from './blocks.ts'
import type { PayloadOptions } from './payloads.ts'

function run(
  slots: number,
  payloads: Partial<PayloadOptions> = {},
  change: Partial<BeaconNetworkOptions> = {},
) {
  const simulation = createSimulation({ seed: 'builders' })
  const network = createBeaconNetwork(simulation, {
    nodes: Array.from({ length: 20 }, (_, index) => ({
      ...{ entity: `${index}`, validators: 160, missedSlotProbability: 0 },
      ...{ proposalMedianMs: 400, proposalSigma: 0.1 },
    })),
    ...{ fork: 'gloas', payloads, ...change },
  })
  simulation.run({ until: slots * seconds(12) - 1 })
  const { chain } = network
  const path: BeaconBlock[] = []
  for (let at = network.headOf(0); at > 0; at = chain.blocks[at]!.parent) {
    path.unshift(chain.blocks[at]!)
  }
  return { network, path, sums: network.measures.summary().builderPayments! }
}

/** Sum of what the blocks' bids are worth, Gwei. */
const worth = (path: readonly { bid?: { amountGwei: number } | undefined }[]): number =>
  path.reduce((sum, { bid }) => sum + bid!.amountGwei, 0)

test('payloads that are shown are paid for with the next one', () => {
  const { path, sums } = run(200)
  expect(sums.settledGwei).toBe(worth(path.slice(0, -1)))
  expect([sums.quorumGwei, sums.lapsedGwei]).toEqual([0, 0])
  expect(sums.paidGwei).toBe(sums.settledGwei)
  const { balances } = path.at(-1)!.builders!
  expect(balances.reduce((sum, gwei) => sum + gwei, 0)).toBe(9 * 1_000e9 - sums.paidGwei)
  // 92.7 % take a bid, with a mean of 0.03 ETH and, by sigma 1, a deviation of 1.31 times that.
  const taken = path.filter(({ bid }) => bid!.builder >= 0).length
  expect(Math.abs(taken / 200 - 0.927)).toBeLessThan(4 * Math.sqrt((0.927 * 0.073) / 200))
  expect(Math.abs(worth(path) / taken / 0.03e9 - 1)).toBeLessThan((4 * 1.31) / Math.sqrt(taken))
})

test('payloads that are kept back are paid for as well, two epochs later, by the quorum', () => {
  const { path, network, sums } = run(32 * 6, { withheldShare: 0.5 })
  const isShown = ({ payload }: BeaconBlock): boolean => payload!.time < Infinity
  expect(sums.settledGwei).toBe(worth(path.slice(0, -1).filter(isShown)))
  // What was bid in the last two epochs, of which the second runs, is pending.
  const settled = path.filter(({ slot }) => slot < network.firstSlot + 32 * 4)
  expect(sums.quorumGwei).toBe(worth(settled.filter((block) => !isShown(block))))
  expect(sums.lapsedGwei).toBe(0)
})

test('without the votes of 60 % of the slot nothing is owed for what is kept back', () => {
  const down = [[0, 1_000]] as const
  const nodesOf = (share: number) =>
    Array.from({ length: 20 }, (_, index) => ({
      ...{ entity: `${index}`, validators: 160, missedSlotProbability: 0, proposalSigma: 0.1 },
      ...{ proposalMedianMs: 400, down: index < 20 * share ? down : [] },
    }))
  for (const [offline, isPaid] of [[0.3, true], [0.5, false]] as const) {
    const { sums } = run(32 * 6, { withheldShare: 1 }, { nodes: nodesOf(offline) })
    expect(sums.quorumGwei > 0).toBe(isPaid)
    expect(sums.lapsedGwei > 0).toBe(!isPaid)
  }
})

test('builders bid what they can cover; else proposers build for themselves', () => {
  const bids = { bidMeanEther: 0.4, bidSigma: 0, bidShare: 1, builderBalanceEther: 3 }
  const { path, sums } = run(64, bids)
  // Each of nine has 2 ETH above what has to stay: five bids.
  expect(path.filter(({ bid }) => bid!.builder >= 0)).toHaveLength(45)
  expect(sums.settledGwei).toBeLessThanOrEqual(9 * 2e9)
  expect(path.at(-1)!.bid).toMatchObject({ builder: -1, amountGwei: 0 })
})

test('who makes two blocks is not paid for either', () => {
  const nodes = Array.from({ length: 21 }, (_, index) => ({
    ...{ entity: `${index}`, validators: index < 20 ? 150 : 200, missedSlotProbability: 0 },
    ...{ proposalMedianMs: 400, proposalSigma: 0.1, adversary: index === 20 },
  }))
  const { path } = run(120, {}, { nodes, strategy: balancing() })
  // An adversary builds for itself.
  for (const { proposer, bid } of path) if (proposer === 20) expect(bid!.builder).toBe(-1)
})

describe('behavior: refused are', () => {
  test.each([
    ['a share above 1', { bidShare: 1.1 }, /payloads.bidShare/],
    ['a negative bid', { bidMeanEther: -1 }, /payloads.bidMeanEther/],
    ['shares of 90 %', { builders: [{ name: 'a', share: 0.9 }] }, /payloads.builders/],
  ])('%s', (_name, payloads, path) => {
    expect(() => run(1, payloads)).toThrow(path)
  })
})

test('before Gloas no block holds a bid', () => {
  const { path, network } = run(10, {}, { fork: 'fulu' })
  expect(path.every(({ bid, builders }) => bid === undefined && builders === undefined)).toBe(true)
  expect(network.measures.summary().builderPayments).toBe(undefined)
})
