import type { Crowd, CrowdContext, ReplicaContext } from '@counterpoise/consensus'
import { ms } from '@counterpoise/engine'
import { type BlockId, genesis } from '@counterpoise/ledger'
import { blockRulesOf } from './blockRules.ts'
import { createHoldings } from './holdings.ts'
import type { WorkMessage } from './messages.ts'
import { createMint } from './mint.ts'
import type { NakamotoParameters } from './parameters.ts'

/**
 * Honest nodes in columns: four bytes each for the head, eight for the difficulty of a miner, and
 * a bit for each block that it has. They do what replicas do, block for block.
 */
export function createCrowd(
  parameters: NakamotoParameters,
  context: CrowdContext<WorkMessage>,
): Crowd<WorkMessage> {
  const { committee, blocks, now, validate, headChanged, compete, contextOf } = context
  const { size, weights, totalWeight } = committee
  const rules = blockRulesOf(parameters, blocks)
  const targetInterval = ms(parameters.targetIntervalMs)
  const heads = new Int32Array(size).fill(genesis)
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
      if (holdings.has(block, node)) return true
      // A replica knows what to do with what is early, invalid or without its parent.
      if (!holdings.has(blocks.parent(block), node)) return false
      if (!rules.isValid(block) || typeof validate(block, node) !== 'number') return false
      if (rules.acceptedFrom(block) > blocks.time(block)) return false
      holdings.add(block, node)
      if (blocks.totalWork(block) > blocks.totalWork(heads[node]!)) follow(node, block)
      return true
    },
    win: (node) => {
      const own: ReplicaContext<WorkMessage> = contextOf(node)
      const block = createMint(parameters, own, rules)(heads[node]!, (each) =>
        holdings.has(each, node),
      )
      holdings.add(block, node)
      own.report.proposed(block)
      follow(node, block)
      own.broadcast({ type: 'block', block }, blocks.bytes(block))
    },
    inheritanceOf: (node) => ({
      head: heads[node]!,
      knows: (block) => holdings.has(block, node),
    }),
  }
}
