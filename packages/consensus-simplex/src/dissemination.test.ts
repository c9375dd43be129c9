import { type Behaviour, emptyBlocks } from '@counterpoise/consensus'
import { ms, seconds, type Time } from '@counterpoise/engine'
import { type BlockId, createBlockStore } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { messageTypes } from './messages.ts'
import { shardBytes, shardsNeeded } from './shards.ts'
import { createTrial, hop, problemsOf, type Trial, type TrialOptions } from './testing.ts'

type Kind = 'inline' | 'deferred' | 'coded'

const kinds: readonly Kind[] = ['inline', 'deferred', 'coded']

/** A trial in which executing a block takes a while, or is refused. */
function executing(
  dissemination: Kind,
  work: Time,
  options: Partial<TrialOptions> = {},
  refuses: (block: BlockId, node: NodeId) => boolean = () => false,
): Trial {
  const blocks = createBlockStore()
  const { parameters, ...others } = options
  return createTrial({
    voters: 4,
    blocks,
    executor: () => ({
      ...emptyBlocks(blocks),
      validate: (block, node) => (refuses(block, node) ? { invalid: 'test' } : work),
    }),
    parameters: { dissemination, ...parameters },
    ...others,
  })
}

describe('hops', () => {
  // From the proposal, with h for a hop and V for the work of executing a block.
  const cases = [0, 10, 40, 100].flatMap((work) => [
    { kind: 'inline', work, notarised: 2 * hop + ms(work), final: 3 * hop + ms(work) },
    {
      kind: 'deferred',
      work,
      notarised: 2 * hop,
      final: Math.max(2 * hop, hop + ms(work)) + hop,
    },
    { kind: 'coded', work, notarised: 2 * hop, final: 3 * hop + ms(work) },
  ] as const)

  test.each(cases)('$kind, $work ms of work', ({ kind, work, notarised, final }) => {
    const trial = executing(kind, ms(work), { voters: 7, followers: 1 })
    trial.run(seconds(30))
    const { time, block, node } = trial.proposed[0]!
    const atVoters = (entries: Trial['notarised']) =>
      entries.filter((entry) => entry.block === block && entry.node < 7)
    expect(atVoters(trial.notarised)).toHaveLength(7)
    for (const entry of atVoters(trial.notarised)) expect(entry.time).toBe(time + notarised)
    for (const entry of atVoters(trial.finalised)) {
      // The leader need not execute what it has built, but waits for the votes of the others.
      expect(entry.time).toBe(time + final)
    }
    const isFollowed = trial.heads.filter((entry) => entry.block === block && entry.node < 7)
    for (const entry of isFollowed) {
      if (entry.node === node) continue
      const followed = kind === 'deferred' ? Math.max(hop + ms(work), 2 * hop) : 2 * hop + ms(work)
      expect(entry.time).toBe(time + followed)
    }
    expect(trial.finalised.length).toBeGreaterThan(8 * 30)
    expect(problemsOf(trial)).toEqual([])
  })

  test('behavior: the block is there after one hop, or after two where it comes in shards', () => {
    for (const kind of kinds) {
      const trial = executing(kind, ms(10), { voters: 7 })
      trial.run(seconds(10))
      const { time, block, node } = trial.proposed[0]!
      const others = trial.received.filter((entry) => entry.block === block && entry.node !== node)
      expect(others).toHaveLength(6)
      const hops = kind === 'coded' ? 2 : 1
      for (const entry of others) expect(entry.time).toBe(time + hops * hop)
    }
  })
})

describe('bytes', () => {
  test('a shard of the estimator: 1 MiB among 50, and a vote with it', () => {
    expect(shardsNeeded(50)).toBe(17)
    expect(shardBytes(1_048_576, 50)).toBe(61_682)
    // The estimator's vote is the shard and a proposal of 40 bytes.
    expect(shardBytes(1_048_576, 50) + 40).toBe(61_722)
  })

  test.each(kinds.flatMap((kind) => [4, 10, 13].map((voters) => ({ kind, voters }))))(
    'per view, $kind among $voters',
    ({ kind, voters }) => {
      const headerBytes = 100_000
      const trial = executing(kind, 0, { voters, parameters: { headerBytes } })
      trial.run(seconds(30))
      // The last view is over by the end of the run.
      const views = trial.proposed.length
      const links = voters - 1
      const messages = links + 4 * voters * links
      const votesAndCertificates = voters * 2 * (138 + 25 + 137 + 25)
      const shard = 2 * Math.ceil(headerBytes / 2 / (Math.floor((voters - 1) / 3) + 1))
      const payloads = kind === 'coded' ? shard + 25 + voters * shard : headerBytes + 25
      const { sent, bytes } = trial.cluster.network.counters()
      expect(views).toBeGreaterThan(45)
      expect(sent).toBe(views * messages)
      expect(bytes).toBe(views * links * (payloads + votesAndCertificates))
      const counts = trial.witness.counts()
      expect(counts[messageTypes.blockRequest]).toBe(0)
      expect(counts[messageTypes.block]).toBe(kind === 'coded' ? 0 : views)
    },
  )

  // 10,000 transfers of 251 bytes; 20 ms for each copy at 1 Gbps.
  const size = 2_510_000
  const uplinkBytesPerSecond = 125_000_000
  const lastReceived = (kind: Kind, voters: number): Time => {
    const trial = executing(kind, 0, {
      voters,
      uplinkBytesPerSecond,
      parameters: { headerBytes: size, leaderTimeoutMs: 3_000, certificationTimeoutMs: 5_000 },
    })
    trial.run(ms(500) + ms(2_000))
    const { time, block } = trial.proposed[0]!
    const arrivals = trial.timesOf(trial.received, block)
    expect(arrivals).toHaveLength(voters - 1)
    return Math.max(...arrivals) - time - hop
  }

  test.each([
    [10, 180],
    [50, 984],
  ])('the leader of %i sends whole blocks for %i ms', (voters, expected) => {
    const egress = (voters - 1) * ((size + 25) / uplinkBytesPerSecond)
    for (const kind of ['inline', 'deferred'] as const) {
      expect(lastReceived(kind, voters)).toBeCloseTo(seconds(1) * egress, -2)
      expect(Math.round(lastReceived(kind, voters) / ms(1) / 10)).toBe(Math.round(expected / 10))
    }
  })

  test('shards take two uplinks one after the other, each a part of the block', () => {
    const shard = shardBytes(size, 50) / uplinkBytesPerSecond
    const spread = lastReceived('coded', 50) - hop
    // The last voter's shard, and the shards of f + 1 others on their way to it.
    expect(spread).toBeGreaterThan(seconds(1) * 17 * shard)
    expect(spread).toBeLessThan(seconds(1) * 2 * 49.5 * shard)
    expect(spread).toBeLessThan(lastReceived('inline', 50) / 5)
  })
})

describe('what execution refuses', () => {
  test.each(['deferred', 'coded'] as const)('%s: it is notarised and given up', (kind) => {
    const blocks = createBlockStore()
    const trial = createTrial({
      voters: 4,
      blocks,
      parameters: { dissemination: kind },
      executor: () => ({
        ...emptyBlocks(blocks),
        validate: (block) => (blocks.proposer(block) === 1 ? { invalid: 'test' } : ms(5)),
      }),
    })
    trial.run(seconds(60))
    // By then all leaders have learnt to leave time for validation. What the leader builds on its
    // own refused block is not even notarised.
    const refused = trial.proposed.filter(
      ({ block, time }) =>
        blocks.proposer(block) === 1 &&
        blocks.proposer(blocks.parent(block)) !== 1 &&
        time > seconds(15) &&
        time < seconds(58),
    )
    expect(refused.length).toBeGreaterThan(5)
    for (const { time, block } of refused) {
      const view = trial.cluster.blocks.round(block)
      expect(trial.timesOf(trial.notarised, block)).toEqual([2, 2, 2, 2].map((n) => time + n * hop))
      expect(trial.timesOf(trial.finalised, block)).toEqual([])
      expect(trial.witness.views().get(view)!.nullified).toBe(true)
      // Notarised after two hops, given up after a third; then the next leader builds.
      const next = trial.proposed.find((entry) => entry.time > time)!
      // Its leader itself has certified it, and goes on a hop earlier if it leads again.
      if (next.node === 1) continue
      expect(next.time).toBe(time + 3 * hop + ms(500) - ms(5))
      expect(trial.cluster.blocks.isAncestor(block, next.block)).toBe(false)
    }
    expect(problemsOf(trial)).toEqual([])
  })

  test('behavior: verdicts that differ split honest members, but only after the vote', () => {
    // Members 2 and 3 refuse a block of 0 or 1 that 0 and 1 accept, as a clock might make them.
    const run = (kind: Kind): { trial: Trial; split: BlockId } => {
      let split = 0
      const trial = executing(kind, ms(5), {}, (block, node) => {
        const isOfFirstHalf = trial.cluster.blocks.proposer(block) < 2
        if (split === 0 && block >= 8 && isOfFirstHalf) split = block
        return block === split && node >= 2
      })
      trial.run(seconds(60))
      expect(split).toBeGreaterThan(0)
      expect(problemsOf(trial)).toEqual([])
      return { trial, split }
    }
    // Before the vote, a lost view is all that it costs.
    expect(run('inline').trial.agreement.finalisedCount()).toBeGreaterThan(90)
    for (const kind of ['deferred', 'coded'] as const) {
      const { trial, split } = run(kind)
      // Half certify the view and go on, half give it up: neither finds a quorum, for good.
      const { blocks } = trial.cluster
      expect(trial.agreement.finalisedCount()).toBe(blocks.height(split) - 1)
      const { nullify, finalise } = trial.witness.views().get(blocks.round(split))!
      expect([...nullify].sort()).toEqual([2, 3])
      expect([...finalise.keys()].sort()).toEqual([0, 1])
    }
  })
})

describe('shards that do not come', () => {
  /** A leader that keeps its shards from some members. */
  const keeping = (from: readonly NodeId[]): Behaviour => (honest, context) =>
    honest({
      ...context,
      send: (to, message, bytes) => {
        const { type } = message as { type: number }
        if (type !== messageTypes.shard || !from.includes(to)) context.send(to, message, bytes)
      },
    })

  test.each([
    // Two of seven do without: five votes are a quorum, and their shards give the block.
    { kept: [5, 6], isNotarised: true },
    // With three without, the view is given up.
    { kept: [4, 5, 6], isNotarised: false },
  ])('behavior: kept from $kept of seven', ({ kept, isNotarised }) => {
    const trial = createTrial({
      voters: 7,
      parameters: { dissemination: 'coded' },
      behaviours: new Map([[0, keeping(kept)]]),
    })
    trial.run(seconds(60))
    const own = trial.proposed.filter(({ node }) => node === 0).slice(0, -1)
    expect(own.length).toBeGreaterThan(4)
    for (const { block } of own) {
      expect(trial.timesOf(trial.finalised, block)).toHaveLength(isNotarised ? 7 : 0)
    }
    expect(trial.agreement.finalisedCount()).toBeGreaterThan(50)
    expect(problemsOf(trial)).toEqual([])
  })
})
