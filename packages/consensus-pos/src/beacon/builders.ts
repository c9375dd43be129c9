import { exp, lognormal, type Simulation } from '@counterpoise/engine'
import {
  type BuilderBid,
  type BuilderLedger,
  cancelPayment,
  canCoverBid,
  cloneBuilderLedger,
  endBuilderEpoch,
  payFromBuilders,
  recordBid,
  settleParentPayment,
  weighPayment,
} from '../transition/builderPayments.ts'
import type { BuilderRules } from '../transition/forkProfile.ts'
import { gweiPerEther } from '../transition/gwei.ts'
import { type BeaconBlock, buildsOnFull } from './blocks.ts'
import type { BeaconChain } from './chain.ts'
import { etherOf, firstClassesOf } from './voteFlags.ts'

/** Who bids for blocks, and how much (Gloas). */
export type BidOptions = {
  /** Builders with the share of the bids that each wins. */
  builders: readonly { name: string; share: number }[]
  /** Share of the proposers who take a bid; the others build their own blocks. */
  bidShare: number
  /** Mean and sigma of a lognormal: what a bid pays, ETH. */
  bidMeanEther: number
  bidSigma: number
  /** What each builder has to pay from at first, ETH. */
  builderBalanceEther: number
}

/** What builders have and owe after a block, from its parent's ledger; its bid is recorded. */
export function builderLedgerAfter(
  chain: BeaconChain,
  block: BeaconBlock,
  nodes: number,
): BuilderLedger | undefined {
  const { blocks, bundles, evidence } = chain
  const parent = blocks[block.parent]!
  const rules = block.epochState.beacon.profile.builders
  if (parent.builders === undefined || rules === undefined) return undefined
  const ledger = cloneBuilderLedger(parent.builders)
  const { epoch } = block.epochState
  for (let ended = parent.epochState.epoch; ended < epoch; ended++) {
    endBuilderEpoch(ledger, chain.stateAt(parent.id, ended).beacon.activeEther, rules)
  }
  if (buildsOnFull(block)) {
    settleParentPayment(ledger, epoch)
    payFromBuilders(ledger, rules)
  }
  if (block.bid !== undefined) recordBid(ledger, block.bid)
  for (const report of block.slashings) {
    const { kind, offences } = evidence[report]!
    if (kind === 'votes') continue
    for (const { node, key } of offences) cancelPayment(ledger, -1 - key, epoch, node)
  }
  const { registry } = block.epochState.beacon
  const classes = firstClassesOf(registry, nodes)
  for (const id of block.bundles) {
    const bundle = bundles[id]!
    const isOwnSlot = blocks[bundle.head]!.slot === bundle.slot
    if (!isOwnSlot || chain.ancestorAt(parent.id, bundle.slot) !== bundle.head) continue
    weighPayment(ledger, bundle.slot, epoch, etherOf(bundle, registry.effective, classes))
  }
  return ledger
}

/** Whose bid a block takes, and from which node its payload comes. */
export type TakenBid = { bid: BuilderBid; node: number }

/**
 * Draws bids: the winner by its share, or the first other one that can cover it, of those whose
 * nodes the proposer can reach.
 */
export function createBidding(
  { simulation, name, nodeAt, isReachable }: {
    simulation: Simulation
    name: string
    nodeAt: (point: number) => number
    isReachable: (from: number, to: number) => boolean
  },
  options: BidOptions,
  rules: BuilderRules,
): (parent: BeaconBlock, slot: number, proposer: number, buildsItself: boolean) => TakenBid {
  const { builders, bidShare, bidMeanEther, bidSigma } = options
  const stream = simulation.stream(`${name}/bids`)
  const homes = builders.map((_, k) =>
    nodeAt(simulation.detachedStream(`${name}/builders`, k).uniform()),
  )
  const median = bidMeanEther / exp((bidSigma * bidSigma) / 2)
  return (parent, slot, proposer, buildsItself) => {
    const isTaken = stream.uniform() < bidShare
    const point = stream.uniform()
    const amountGwei = Math.floor(lognormal(stream, median, bidSigma) * gweiPerEther)
    const own = { bid: { slot, proposer, builder: -1, amountGwei: 0 }, node: proposer }
    const { builders: ledger } = parent
    if (buildsItself || !isTaken || ledger === undefined) return own
    let sum = 0
    const winner = builders.findIndex(({ share }) => (sum += share) > point)
    for (const builder of [winner, ...builders.keys()]) {
      if (builder < 0 || !isReachable(homes[builder]!, proposer)) continue
      if (!canCoverBid(ledger, builder, amountGwei, rules)) continue
      return { bid: { slot, proposer, builder, amountGwei }, node: homes[builder]! }
    }
    return own
  }
}
