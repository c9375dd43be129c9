import type { Attestation, Checkpoint } from '../attestation.ts'
import { hasNode } from '../bits.ts'

type ReferenceBlock = { block: number; slot: number; attestations: readonly Attestation[] }

/** Casper FFG on one chain, written straight from the specification and recounting everything. */
export type ReferenceFinality = {
  addBlock: (block: ReferenceBlock) => void
  /** Processes the ends of all epochs before `epoch`. */
  advance: (epoch: number) => void
  rootOf: (epoch: number) => number
  justified: () => Checkpoint
  previousJustified: () => Checkpoint
  finalised: () => Checkpoint
  /** Numbers of the finalisation rules that have finalised something new. */
  rulesUsed: () => ReadonlySet<number>
}

export function createReference(options: {
  weights: readonly number[]
  slotsPerEpoch: number
}): ReferenceFinality {
  const { weights, slotsPerEpoch } = options
  const total = weights.reduce((sum, weight) => sum + weight, 0) * slotsPerEpoch
  const chain: ReferenceBlock[] = [{ block: 0, slot: 0, attestations: [] }]
  /** Sub-committees whose vote is on the chain, and the weight for each epoch's checkpoint. */
  const counted = new Set<string>()
  const votes: number[] = []
  const isJustified: boolean[] = []
  const rules = new Set<number>()
  let now = 0
  let old: Checkpoint = { epoch: 0, root: 0 }
  let current = old
  let finalised = old

  const rootOf = (epoch: number): number =>
    chain.filter(({ slot }) => slot <= epoch * slotsPerEpoch).at(-1)!.block

  const endEpoch = (): void => {
    const e = now++
    if (e <= 1) return
    const [oldPrevious, oldCurrent] = [old, current]
    old = current
    for (const epoch of [e - 1, e]) {
      if ((votes[epoch] ?? 0) / total < 2 / 3 - 1e-9) continue
      isJustified[epoch] = true
      current = { epoch, root: rootOf(epoch) }
    }
    const [b0, b1, b2, b3] = [e, e - 1, e - 2, e - 3].map((epoch) => isJustified[epoch] === true)
    const settle = (rule: number, checkpoint: Checkpoint): void => {
      if (checkpoint.epoch > finalised.epoch) rules.add(rule)
      finalised = checkpoint
    }
    if (b1 && b2 && b3 && oldPrevious.epoch === e - 3) settle(1, oldPrevious)
    if (b1 && b2 && oldPrevious.epoch === e - 2) settle(2, oldPrevious)
    if (b0 && b1 && b2 && oldCurrent.epoch === e - 2) settle(3, oldCurrent)
    if (b0 && b1 && oldCurrent.epoch === e - 1) settle(4, oldCurrent)
  }

  const advance = (epoch: number): void => {
    while (now < epoch) endEpoch()
  }

  const include = ({ slot, source, target, voters }: Attestation, at: number): void => {
    const epoch = Math.floor(slot / slotsPerEpoch)
    if (slot >= at || epoch < now - 1 || epoch !== target.epoch) return
    const expected = epoch === now ? current : old
    if (source.epoch !== expected.epoch || source.root !== expected.root) return
    weights.forEach((weight, node) => {
      const name = `${node}/${slot}`
      if (!hasNode(voters, node) || counted.has(name)) return
      counted.add(name)
      if (target.root === rootOf(epoch)) votes[epoch] = (votes[epoch] ?? 0) + weight
    })
  }

  return {
    addBlock: (block) => {
      advance(Math.floor(block.slot / slotsPerEpoch))
      chain.push(block)
      for (const attestation of block.attestations) include(attestation, block.slot)
    },
    advance,
    rootOf,
    justified: () => current,
    previousJustified: () => old,
    finalised: () => finalised,
    rulesUsed: () => rules,
  }
}
