import type { RunningChain } from '@counterpoise/consensus'
import { type BlockId, genesis, type PaymentId, type Payments } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { Time } from '@counterpoise/engine'

export type InclusionOptions = {
  cluster: RunningChain
  payments: Payments
  /** Access nodes are the members from this one on … */
  firstAccess: NodeId
  /** … up to, but without, this one. */
  firstRelay: NodeId
  accessOf: (payment: PaymentId) => NodeId
  /** True while the payment is this rail's. */
  isHere: (payment: PaymentId) => boolean
  /** Blocks that make a payment final; undefined where the model itself finalises. */
  confirmations: number | undefined
  include: (payment: PaymentId, block: BlockId) => void
  uninclude: (payment: PaymentId) => void
  finalise: (payment: PaymentId) => void
  /** A block is final for an access node, and so are its payments. */
  finaliseBlock?: ((block: BlockId) => void) | undefined
  /** The payer will not see it included: a final block has it and did not carry it out. */
  refuse: (payment: PaymentId, block: BlockId) => void
  now: () => Time
}

/** Follows the chain as the access nodes see it, and tells what that means for the payments. */
export type Inclusion = {
  /** When an access node last saw its head change. */
  lastProgress: (node: NodeId) => Time
  /** When the last of them saw it. */
  lastProgressOfAny: () => Time
  /** When a payment's access node held its block for justified, µs. */
  justifiedAt: (payment: PaymentId) => Time | undefined
  violations: () => readonly string[]
}

/** Watches heads and finality of the access nodes; each payer believes its own node only. */
export function createInclusion(options: InclusionOptions): Inclusion {
  const { cluster, payments, accessOf, isHere, confirmations } = options
  const { blocks } = cluster
  const progress = new Float64Array(cluster.members.length)
  let latest = 0
  /** The highest block whose payments each access node has made final. */
  const finalTo = new Int32Array(cluster.members.length).fill(genesis)
  /** The highest block whose payments each access node holds for justified. */
  const justTo = new Int32Array(cluster.members.length).fill(genesis)
  const justifiedAt: (Time | undefined)[] = []
  const violations: string[] = []

  const isAccess = (node: NodeId): boolean =>
    node >= options.firstAccess && node < options.firstRelay

  const forEachOf = (block: BlockId, node: NodeId, act: (payment: PaymentId) => void): void => {
    if (blocks.paymentCount(block) === 0) return
    const carried = blocks.payments(block)
    for (let index = 0; index < carried.length; index++) {
      const payment = carried[index]!
      if (accessOf(payment) === node && isHere(payment)) act(payment)
    }
  }

  /** The blocks after `from` up to `to`, lowest first. */
  const pathUp = (from: BlockId, to: BlockId): BlockId[] => {
    const path: BlockId[] = []
    for (let block = to; block !== from; block = blocks.parent(block)) path.push(block)
    return path.reverse()
  }

  const includeAll = (block: BlockId, node: NodeId): void =>
    forEachOf(block, node, (payment) => {
      if (payments.state(payment) === 'submitted') options.include(payment, block)
    })

  const justifyTo = (node: NodeId, target: BlockId): void => {
    const common = blocks.commonAncestor(justTo[node]!, target)
    for (const block of pathUp(common, target)) {
      forEachOf(block, node, (payment) => (justifiedAt[payment] ??= options.now()))
    }
    justTo[node] = target
  }

  const finaliseTo = (node: NodeId, target: BlockId): void => {
    const done = finalTo[node]!
    if (blocks.isAncestor(target, done)) return
    const common = blocks.commonAncestor(done, target)
    if (common !== done) {
      violations.push(`block ${target} is final at ${nameOf(node)} beside final block ${done}`)
    }
    for (const block of pathUp(common, target)) {
      includeAll(block, node)
      forEachOf(block, node, (payment) => {
        const state = payments.state(payment)
        if (state === 'included') options.finalise(payment)
        else if (state === 'submitted') options.refuse(payment, block)
      })
      options.finaliseBlock?.(block)
    }
    finalTo[node] = target
  }

  /** Reports a head that leaves a final block behind, and takes the new chain for the true one. */
  const checkFinality = (node: NodeId, head: BlockId): void => {
    const done = finalTo[node]!
    if (blocks.isAncestor(done, head) || blocks.isAncestor(head, done)) return
    violations.push(`a reorganisation at ${nameOf(node)} left final block ${done} behind`)
    finalTo[node] = blocks.commonAncestor(done, head)
  }

  const noteProgress = (node: NodeId): void => {
    latest = options.now()
    progress[node] = latest
  }

  const nameOf = (node: NodeId): string => cluster.members[node]!.name

  cluster.observe({
    headChanged: (node, head, previous) => {
      if (!isAccess(node)) return
      noteProgress(node)
      checkFinality(node, head)
      const common = blocks.commonAncestor(previous, head)
      for (let block = previous; block !== common; block = blocks.parent(block)) {
        forEachOf(block, node, (payment) => {
          if (payments.state(payment) !== 'included') return
          justifiedAt[payment] = undefined
          options.uninclude(payment)
        })
      }
      for (const block of pathUp(common, head)) includeAll(block, node)
      if (confirmations === undefined) return
      const height = blocks.height(head) - confirmations + 1
      if (height > 0) finaliseTo(node, blocks.ancestorAt(head, height))
    },
    notarised: (node, block) => {
      if (isAccess(node) && confirmations === undefined) justifyTo(node, block)
    },
    finalised: (node, block) => {
      if (!isAccess(node)) return
      noteProgress(node)
      if (confirmations === undefined) finaliseTo(node, block)
    },
  })

  return {
    lastProgress: (node) => progress[node]!,
    lastProgressOfAny: () => latest,
    justifiedAt: (payment) => justifiedAt[payment],
    violations: () => violations,
  }
}
