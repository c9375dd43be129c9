import { defineConsensus, type Replica, type ReplicaContext } from '@counterpoise/consensus'
import { ms } from '@counterpoise/engine'
import { type BlockId, genesis } from '@counterpoise/ledger'
import * as z from 'zod'

const parameters = z.strictObject({
  intervalMs: z.number().positive().default(200).describe('Pause before a leader proposes.'),
  timeoutMs: z.number().positive().default(1_000).describe('How long a round may last.'),
})
type Parameters = z.output<typeof parameters>

/** What members say; `tip` is the newest block that the sender holds for final. */
type Message = { tip: BlockId; round: number } & (
  | { type: 'join'; accepted: Accepted }
  | { type: 'propose' | 'vote'; block: BlockId }
)
/** The block that a member accepted last, and in which round; round −1: none yet. */
type Accepted = { block: BlockId; round: number }

const none: Accepted = { block: genesis, round: -1 }
const timers = { round: 0, propose: 1 } as const

/** A leader per round, final with the votes of a majority: survives crashes, not lies. */
export const roundRobin = defineConsensus<Parameters, Message>({
  name: 'roundRobin',
  parameters,
  finality: 'deterministic',
  dissemination: 'direct',
  faultLimit: (count) => Math.floor((count - 1) / 2),
  createReplica,
})

function createReplica(
  { intervalMs, timeoutMs }: Parameters,
  context: ReplicaContext<Message>,
): Replica<Message> {
  const { self, committee, blocks, report } = context
  const { voters, weights, totalWeight } = committee
  const canVote = weights[self]! > 0
  /** The end of the final chain; everything below is about the height above it. */
  let tip = genesis
  let round = 0
  let accepted = none
  let hasProposed = false
  /** What each member said when it joined this round. */
  let joined = new Map<number, Accepted>()
  /** The latest round in which each member has voted. */
  const votes = new Int32Array(committee.size).fill(-1)

  const leads = (): boolean => voters[(blocks.height(tip) + round) % voters.length] === self
  const isMajority = (members: readonly number[]): boolean =>
    members.reduce((sum, member) => sum + weights[member]!, 0) * 2 > totalWeight
  const broadcast = (message: Message): void => context.broadcast(message, 200)

  /** Moves to a round and promises to accept nothing of an earlier one. */
  const enter = (next: number): void => {
    round = next
    hasProposed = false
    joined = new Map([[self, accepted]])
    context.setTimer(timers.round, ms(timeoutMs))
    if (round > 0) broadcast({ type: 'join', tip, round, accepted })
    if (round === 0 && leads()) context.setTimer(timers.propose, ms(intervalMs))
    else context.clearTimer(timers.propose)
  }

  /** Round 0 is free to propose; a later one needs a majority, and takes up what it accepted. */
  const propose = (): void => {
    if (!leads() || hasProposed) return
    if (round > 0 && !isMajority([...joined.keys()])) return
    hasProposed = true
    const latest = [...joined.values()].reduce((one, other) =>
      other.round > one.round ? other : one,
    )
    const block = latest.round >= 0 ? latest.block : context.build(tip, { round })
    if (latest.round < 0) report.proposed(block)
    broadcast({ type: 'propose', tip, round, block })
    accept(block)
  }

  const accept = (block: BlockId): void => {
    const cost = context.validate(block)
    if (typeof cost !== 'number' || !canVote) return
    context.spend(cost)
    accepted = { block, round }
    broadcast({ type: 'vote', tip, round, block })
    count(self, block)
  }

  const count = (member: number, block: BlockId): void => {
    votes[member] = round
    if (isMajority(voters.filter((voter) => votes[voter] === round))) decide(block)
  }

  const decide = (block: BlockId): void => {
    tip = block
    report.notarised(tip)
    report.finalised(tip)
    report.headChanged(tip)
    accepted = none
    votes.fill(-1)
    enter(0)
  }

  const receive = (from: number, message: Message): void => {
    if (blocks.height(message.tip) > blocks.height(tip)) decide(message.tip)
    if (message.tip !== tip || weights[from] === 0 || message.round < round) return
    if (message.round > round) enter(message.round)
    if (message.type === 'join') {
      joined.set(from, message.accepted)
      propose()
    } else if (message.type === 'propose') accept(message.block)
    else count(from, message.block)
  }

  return {
    start: () => enter(0),
    receive,
    expire: (timer) => (timer === timers.round ? enter(round + 1) : propose()),
    // The timer of the round goes on, and what the others say next brings their tip.
    recover: () => {},
  }
}
