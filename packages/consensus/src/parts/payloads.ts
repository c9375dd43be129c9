import type { ReplicaContext } from '../contract.ts'
import type { Time } from '@counterpoise/engine'
import { type BlockId, genesis } from '@counterpoise/ledger'
import { createValidationEstimate } from './validationEstimate.ts'
import { none } from './voteSet.ts'

const unknown = 0
const held = 1
const ready = 2

/** The blocks that have reached this replica, and which of them it has executed. */
export type Chain = {
  isHeld: (block: BlockId) => boolean
  /** Executed, with all its ancestors. */
  isReady: (block: BlockId) => boolean
  hold: (block: BlockId) => void
  /** Takes in a block that this replica has built itself, so executed. */
  adopt: (block: BlockId) => void
  /**
   * Executes a certified block and those of its ancestors that wait for it. What a quorum has
   * certified is accepted, whatever this replica's own check says.
   *
   * @returns `none`, or the first block on the way down that is missing.
   */
  bring: (block: BlockId) => BlockId
  /** The first block that is missing on the way down from a block to one that is ready. */
  missing: (block: BlockId) => BlockId
  /** A block has been executed beside this replica's own work; that took so long, µs. */
  finish: (block: BlockId, time: Time) => void
  /** Executes a proposal on a parent that is ready. False where the execution rules refuse it. */
  validate: (block: BlockId) => boolean
  /** Work spent on executing blocks so far, µs. */
  work: () => Time
  /** How long other replicas will take for the next block, µs. */
  estimateValidation: () => Time
}

export function createChain(context: ReplicaContext<any>): Chain {
  const { blocks } = context
  const estimate = createValidationEstimate()
  const path: BlockId[] = []
  let status = new Uint8Array(256)
  let work = 0
  status[genesis] = ready

  const mark = (block: BlockId, value: number): void => {
    if (block >= status.length) {
      const wider = new Uint8Array(Math.max(status.length * 2, block + 1))
      wider.set(status)
      status = wider
    }
    status[block] = value
  }

  const spend = (time: Time): void => {
    estimate.add(time)
    work += time
    context.spend(time)
  }

  return {
    isHeld: (block) => block < status.length && status[block] !== unknown,
    isReady: (block) => block < status.length && status[block] === ready,
    hold: (block) => mark(block, held),
    adopt: (block) => mark(block, ready),
    bring: (block) => {
      let current = block
      path.length = 0
      while (current >= status.length || status[current] !== ready) {
        if (current >= status.length || status[current] === unknown) return current
        path.push(current)
        current = blocks.parent(current)
      }
      for (let index = path.length - 1; index >= 0; index--) {
        const verdict = context.validate(path[index]!)
        if (typeof verdict === 'number') spend(verdict)
        mark(path[index]!, ready)
      }
      return none
    },
    missing: (block) => {
      let current = block
      while (current >= status.length || status[current] !== ready) {
        if (current >= status.length || status[current] === unknown) return current
        current = blocks.parent(current)
      }
      return none
    },
    finish: (block, time) => {
      estimate.add(time)
      mark(block, ready)
    },
    validate: (block) => {
      const verdict = context.validate(block)
      if (typeof verdict !== 'number') return false
      spend(verdict)
      mark(block, ready)
      return true
    },
    work: () => work,
    estimateValidation: estimate.p90,
  }
}
