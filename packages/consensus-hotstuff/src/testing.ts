import { equalCommittee, type ReplicaContext } from '@counterpoise/consensus'
import { type BlockId, createBlockStore } from '@counterpoise/ledger'
import { timers } from './core.ts'
import {
  type HotStuffMessage,
  messageTypes,
  type Proposal,
  type TimeoutCertificate,
  type Vote,
} from './messages.ts'
import { hotStuffParameters, toSettings } from './parameters.ts'
import { createReplica } from './replica.ts'

const members = 5
const self = 4

export const settingsOf = (chainLength: 2 | 3) =>
  toSettings(hotStuffParameters.parse({}), chainLength)

/** The last of five members; the others lead rounds 1 to 4 in turn. */
export function createMember(chainLength: 2 | 3) {
  const blocks = createBlockStore()
  const sent: HotStuffMessage[] = []
  const spans: number[] = []
  const invalid = new Set<BlockId>()
  const nothing = (): void => {}
  const context = {
    ...{ self, blocks, committee: equalCommittee(members), random: () => ({ below: () => 0 }) },
    send: (_to: number, message: HotStuffMessage) => sent.push(message),
    broadcast: (message: HotStuffMessage) => sent.push(message),
    setTimer: (timer: number, span: number) => timer === timers.round && spans.push(span),
    build: (parent: BlockId, header: { round: number }) =>
      blocks.append({ parent, proposer: self, time: 0, ...header }),
    validate: (block: BlockId) => (invalid.has(block) ? { invalid: 'test' } : 0),
    ...{ clearTimer: nothing, spend: nothing },
    report: {
      ...{ received: nothing, notarised: nothing, finalised: nothing, headChanged: nothing },
      ...{ equivocated: nothing, proposed: nothing },
    },
  } as unknown as ReplicaContext<HotStuffMessage>
  const replica = createReplica(context, settingsOf(chainLength))
  replica.start()
  const append = (round: number, parent: BlockId, proposer = (round - 1) % members): BlockId =>
    blocks.append({ parent, proposer, round, time: round })
  const show = (block: BlockId, rest: Partial<Proposal> = {}, from?: number): void => {
    const [round, parent] = [blocks.round(block), blocks.parent(block)]
    replica.receive(from ?? blocks.proposer(block), {
      ...{ type: messageTypes.proposal, round, block, timeout: undefined },
      ...{ parent: { round: blocks.round(parent), block: parent }, ...rest },
    })
  }
  /** A proposal of a round on a certified block, by the leader of the round. */
  const propose = (round: number, parent: BlockId, timeout?: TimeoutCertificate): BlockId => {
    const block = append(round, parent)
    show(block, { timeout })
    return block
  }
  const votes = (): number[] =>
    sent.flatMap((message) => (message.type === messageTypes.vote ? (message as Vote).block : []))
  return { append, blocks, invalid, replica, propose, show, votes, sent, spans }
}
