import type { Crowd, CrowdContext, ReplicaContext } from '@counterpoise/consensus'
import { ms } from '@counterpoise/engine'
import { type BlockId, genesis } from '@counterpoise/ledger'
import { blockRulesOf } from './blockRules.ts'
import { createHoldings } from './holdings.ts'
import type { WorkMessage } from './messages.ts'
import { createMint, type Mint } from './mint.ts'
import type { NakamotoParameters } from './parameters.ts'

type Winner = Pick<ReplicaContext<WorkMessage>, 'report' | 'broadcast'> & {
  mint: Mint
  has: (block: BlockId) => boolean
}

/**
 * Honest nodes in columns: four bytes each for the head, eight for the difficulty of a miner, and
 * a bit for each block that it has. They do what replicas do, block for block. At message level
 * they need a relay that lets them check blocks; at miner level, blocks that cost them nothing.
 */
export function createCrowd(
  parameters: NakamotoParameters,
  context: CrowdContext<WorkMessage>,
): Crowd<WorkMessage> | undefined {
  const { committee, blocks, now, validate, headChanged, compete, contextOf } = context
  const isMinerLevel = parameters.fidelity === 'miner'
  if (!context.isChecked && !isMinerLevel) return undefined
  const { size, weights, totalWeight } = committee
  const rules = blockRulesOf(parameters, blocks)
  const targetInterval = ms(parameters.targetIntervalMs)
  const heads = new Int32Array(size).fill(genesis)
  /** What those need who have found a block. */
  const winners: (Winner | undefined)[] = []
  const winnerOf = (node: number): Winner => {
    const own = contextOf(node)
    const { report, broadcast } = own
    const mint = createMint(parameters, own, rules)
    return { report, broadcast, mint, has: (block) => holdings.has(block, node) }
  }
  /** What each miner works at. */
  const difficulties = new Float64Array(size)
  const holdings = createHoldings(size)

  const work = (node: number): void => {
    const weight = weights[node]!
    if (weight === 0) return
    const difficulty = rules.difficultyNow(heads[node]!, now())
    if (difficulty === difficulties[node]) return
    difficulties[node] = difficulty
    compete(node, weight / totalWeight / (difficulty * targetInterval))
  }

  const follow = (node: number, block: BlockId): void => {
    heads[node] = block
    headChanged(node, block)
    work(node)
  }

  // A replica knows what to do with what is early, invalid or takes time.
  const isAtOnce = (block: BlockId, node: number): boolean =>
    rules.isValid(block) &&
    validate(block, node) === 0 &&
    rules.acceptedFrom(block) <= blocks.time(block)

  const accept = (node: number, block: BlockId): void => {
    holdings.add(block, node)
    if (blocks.totalWork(block) > blocks.totalWork(heads[node]!)) follow(node, block)
  }

  /** The block and its ancestors as far as a node lacks them, lowest first; used again. */
  const missing: BlockId[] = [genesis]
  /** A chain that ends in a block comes, as it does at miner level. */
  const acceptChain = (node: number, block: BlockId): boolean => {
    let count = 0
    for (let each = block; !holdings.has(each, node); each = blocks.parent(each)) {
      if (!isAtOnce(each, node)) return false
      missing[count++] = each
    }
    while (count > 0) accept(node, missing[--count]!)
    return true
  }

  return {
    start: (node) => {
      // Who comes late has missed something; who changes his hash rate needs timers.
      if (now() > 0 || (weights[node]! > 0 && parameters.hashRateSteps.length > 0)) return false
      work(node)
      return true
    },
    receive: (node, _from, message) => {
      if (message.type !== 'block') return false
      const { block } = message
      if (isMinerLevel) return acceptChain(node, block)
      if (holdings.has(block, node)) return true
      // A replica knows what to do without the parent, too.
      if (!holdings.has(blocks.parent(block), node) || !isAtOnce(block, node)) return false
      accept(node, block)
      return true
    },
    win: (node) => {
      const { report, broadcast, mint, has } = (winners[node] ??= winnerOf(node))
      const block = mint(heads[node]!, has)
      holdings.add(block, node)
      report.proposed(block)
      follow(node, block)
      broadcast({ type: 'block', block }, blocks.bytes(block))
    },
    inheritanceOf: (node) => ({
      head: heads[node]!,
      knows: (block) => holdings.has(block, node),
    }),
    readmit: (node, { head, learned }) => {
      heads[node] = head
      for (const block of learned) holdings.add(block, node)
      // What it works at now was told to the replica.
      difficulties[node] = Number.NaN
    },
  }
}
