import { fuzzParameters } from '@counterpoise/dev'
import type { Stream } from '@counterpoise/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  createLinkFaults,
  type LinkFault,
  type LinkFaults,
  type PartitionMode,
} from './linkFaults.ts'

const size = 5
const nodes = Array.from({ length: size }, (_, node) => node)
const links = nodes.flatMap((from) => nodes.map((to) => [from, to] as const))

const group = fc.subarray(nodes, { minLength: 1 })
const directed = fc.record(
  { from: group, to: group, bothWays: fc.boolean() },
  { requiredKeys: [] },
)
const partition = fc
  .tuple(fc.shuffledSubarray(nodes, { minLength: 2 }), fc.integer({ min: 1, max: 4 }))
  .map(([some, cut]) => ({ between: [some.slice(0, cut), some.slice(cut)] }))
const effect = fc.record(
  {
    cut: fc.constantFrom('drop' as const, 'hold' as const),
    loss: fc.constantFrom(0, 0.25, 0.5, 1),
    delay: fc.constantFrom(-1, 0, 2, 3).map((value) => ({ kind: 'constant' as const, value })),
    throttle: fc.constantFrom(0.25, 0.5, 1),
  },
  { requiredKeys: [] },
)
const fault: fc.Arbitrary<LinkFault> = fc
  .tuple(effect, fc.oneof(directed, partition))
  .map(([what, where]) => ({ ...what, ...where }))
const partitionMode = fc.constantFrom<PartitionMode>('drop', 'hold', { slow: 7_000 })
/** What happens: a fault begins or ends, a node goes to a group, groups have another mode. */
type Step = Partial<{ add: LinkFault; end: number; mode: PartitionMode; node: number; to: number }>

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ add: fault }),
  fc.record({ end: fc.nat(5) }),
  fc.record({ node: fc.constantFrom(...nodes), to: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ mode: partitionMode }),
)

/** Whether a fault is on a link, as its fields say. */
function isOn(one: LinkFault, from: number, to: number): boolean {
  if (one.between !== undefined) {
    const [a, b] = [from, to].map((node) => one.between!.findIndex((side) => side.includes(node)))
    return a! >= 0 && b! >= 0 && a !== b
  }
  const holds = (sender: number, receiver: number): boolean =>
    (one.from ?? nodes).includes(sender) && (one.to ?? nodes).includes(receiver)
  return holds(from, to) || (one.bothWays === true && holds(to, from))
}

/** What is on a link, worked out from a list of what is on anywhere. */
type Told = {
  isTouched: boolean
  cut: string | undefined
  delay: number
  share: number
  isLost: boolean
  /** The probability of loss, where it is drawn. */
  drawn: number[]
  /** Whose streams are opened: one for each delay, and one for a loss. */
  openedBy: number[]
}

/** What the faults on a link, and groups that are apart, do to it. */
function expectedOf(hits: readonly LinkFault[], apart: PartitionMode | undefined, from: number) {
  const cuts = [...hits.map(({ cut }) => cut), apart]
  const slow = typeof apart === 'object' ? apart.slow : 0
  const through = hits.reduce((part, { loss = 0 }) => part * (1 - loss), 1)
  return {
    isTouched: hits.length > 0 || apart !== undefined,
    cut: ['drop', 'hold'].find((mode) => cuts.includes(mode as PartitionMode)),
    delay: hits.reduce((sum, { delay }) => sum + Math.max(0, valueOf(delay) * 1_000), slow),
    share: hits.reduce((part, { throttle = 1 }) => part * throttle, 1),
    isLost: through < 1,
    drawn: through < 1 ? [1 - through] : [],
    openedBy: [...hits.filter(({ delay }) => delay), ...(through < 1 ? [0] : [])].map(() => from),
  } satisfies Told
}

function found(faults: LinkFaults, from: number, to: number): Told {
  const drawn: number[] = []
  const openedBy: number[] = []
  const stream = (node: number): Stream => {
    openedBy.push(node)
    return { chance: (probability: number) => drawn.push(probability) > 0 } as never
  }
  return {
    isTouched: faults.touches(from, to),
    cut: faults.cut(from, to),
    delay: faults.delay(from, to, stream),
    share: faults.share(from, to),
    isLost: faults.isLost(from, to, stream),
    drawn,
    openedBy,
  }
}

test('property: overlapping faults and groups do to each link what each of them says', () => {
  const run = (steps: readonly Step[]): void => {
    const faults = createLinkFaults(size, () => {})
    const ends: (() => void)[] = []
    const added: LinkFault[] = []
    const on = new Set<LinkFault>()
    const groups = nodes.map(() => 0)
    let mode: PartitionMode = 'drop'
    for (const { add, end, node, to: group = 0, mode: next } of steps) {
      if (add !== undefined) {
        ends.push(faults.add(add))
        added.push(add)
        on.add(add)
      } else if (end !== undefined) {
        // Some end twice, which changes nothing.
        ends[end]?.()
        on.delete(added[end]!)
      } else if (next !== undefined) faults.setPartitionMode((mode = next))
      else faults.assignGroup(node!, (groups[node!] = group))
      const expected = links.map(([from, to]) => {
        const hits = [...on].filter((one) => isOn(one, from, to))
        return expectedOf(hits, groups[from] === groups[to] ? undefined : mode, from)
      })
      expect(links.map(([from, to]) => found(faults, from, to))).toEqual(expected)
      if (expected.some(({ isTouched }) => isTouched)) expect(faults.isActive).toBe(true)
    }
  }
  fc.assert(fc.property(fc.array(step, { maxLength: 12 }), run), fuzzParameters(100))
})

const valueOf = (delay: LinkFault['delay']): number =>
  delay?.kind === 'constant' ? delay.value : 0
