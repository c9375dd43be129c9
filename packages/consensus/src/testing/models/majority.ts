import { ms } from '@counterpoise/engine'
import { type BlockId, genesis } from '@counterpoise/ledger'
import * as z from 'zod'
import { defineConsensus, type Replica, type ReplicaContext } from '../../contract.ts'

const parameters = z.strictObject({
  intervalMs: z.number().positive().default(200).describe('Pause before a leader proposes.'),
  timeoutMs: z.number().positive().default(1_000).describe('How long a round may last.'),
})
type Parameters = z.output<typeof parameters>

type Accepted = { block: BlockId; round: number }
/** `tip` is the newest block that the sender holds for final. */
type Message = { tip: BlockId; round: number } & (
  | { type: 'join'; accepted: Accepted }
  | { type: 'propose' | 'vote'; block: BlockId }
)

/**
 * The smallest model with deterministic finality: Paxos with a rotating leader for each height.
 * For tests of what stands above consensus; it survives crashes of a minority, and no lies.
 */
export const majority = defineConsensus<Parameters, Message>({
  name: 'majority',
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
  let tip = genesis
  let round = 0
  let accepted: Accepted = { block: genesis, round: -1 }
  let hasProposed = false
  let joined = new Map<number, Accepted>()
  const votes = new Int32Array(committee.size).fill(-1)

  const leads = (): boolean => voters[(blocks.height(tip) + round) % voters.length] === self
  const isMajority = (members: readonly number[]): boolean =>
    members.reduce((sum, member) => sum + weights[member]!, 0) * 2 > totalWeight
  const broadcast = (message: Message): void => context.broadcast(message, 200)

  const enter = (next: number): void => {
    round = next
    hasProposed = false
    joined = new Map([[self, accepted]])
    context.setTimer(0, ms(timeoutMs))
    context.clearTimer(1)
    if (round > 0) broadcast({ type: 'join', tip, round, accepted })
    else if (leads()) context.setTimer(1, ms(intervalMs))
  }

  const propose = (): void => {
    if (!leads() || hasProposed) return
    if (round > 0 && !isMajority([...joined.keys()])) return
    hasProposed = true
    let latest = accepted
    for (const other of joined.values()) if (other.round > latest.round) latest = other
    const isNew = latest.round < 0
    const block = isNew ? context.build(tip, { round }) : latest.block
    if (isNew) report.proposed(block)
    broadcast({ type: 'propose', tip, round, block })
    accept(block)
  }

  const accept = (block: BlockId): void => {
    const cost = context.validate(block)
    if (typeof cost !== 'number' || weights[self] === 0) return
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
    accepted = { block: genesis, round: -1 }
    votes.fill(-1)
    enter(0)
  }

  return {
    start: () => enter(0),
    receive: (from, message) => {
      if (blocks.height(message.tip) > blocks.height(tip)) decide(message.tip)
      if (message.tip !== tip || weights[from] === 0 || message.round < round) return
      if (message.round > round) enter(message.round)
      if (message.type === 'join') {
        joined.set(from, message.accepted)
        propose()
      } else if (message.type === 'propose') accept(message.block)
      else count(from, message.block)
    },
    expire: (timer) => (timer === 0 ? enter(round + 1) : propose()),
    // The timer of the round goes on, and what the others say next brings their tip.
    recover: () => {},
  }
}
