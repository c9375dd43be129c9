import { equalCommittee, type ReplicaContext } from '@counterpoise/consensus'
import { none, sharedTypes } from '@counterpoise/consensus/parts'
import { type BlockId, createBlockStore, genesis } from '@counterpoise/ledger'
import { messageTypes, type PbftMessage, type ViewChange } from './messages.ts'
import { pbftParameters, toSettings } from './parameters.ts'
import { createReplica } from './replica.ts'

type Sent = { to: number | 'all'; message: PbftMessage }

/** One of four members, the last one or another; each is the primary of the view of its number. */
export function createMember(self = 3) {
  const blocks = createBlockStore()
  const sent: Sent[] = []
  const spans: { timer: number; span: number }[] = []
  const invalid = new Set<BlockId>()
  const nothing = (): void => {}
  const context = {
    ...{ self, blocks, committee: equalCommittee(4), random: () => ({ below: () => 2 }) },
    send: (to: number, message: PbftMessage) => sent.push({ to, message }),
    broadcast: (message: PbftMessage) => sent.push({ to: 'all', message }),
    build: (parent: BlockId, header: { round: number }) =>
      blocks.append({ parent, proposer: self, time: 0, ...header }),
    setTimer: (timer: number, span: number) => spans.push({ timer, span }),
    validate: (block: BlockId) => (invalid.has(block) ? { invalid: 'test' } : 0),
    ...{ clearTimer: nothing, spend: nothing },
    report: {
      ...{ received: nothing, notarised: nothing, finalised: nothing, headChanged: nothing },
      ...{ equivocated: nothing, proposed: nothing },
    },
  } as unknown as ReplicaContext<PbftMessage>
  const replica = createReplica(context, toSettings(pbftParameters.parse({})))
  replica.start()
  const said = (what: keyof typeof messageTypes): PbftMessage[] =>
    sent.flatMap(({ message }) => (message.type === messageTypes[what] ? message : []))
  const blocksOf = (what: 'prepare' | 'commit'): BlockId[] =>
    said(what).map((message) => (message as { block: BlockId }).block)
  const vote = (what: 'prepare' | 'commit', from: number, block: BlockId, view: number): void => {
    const height = blocks.height(block)
    replica.receive(from, { type: messageTypes[what], view, height, block })
  }
  return {
    ...{ blocks, replica, sent, said, spans, invalid, vote },
    /** A block that a member has made. */
    append: (proposer: number, parent: BlockId = genesis): BlockId =>
      blocks.append({ parent, proposer, round: blocks.height(parent) + 1, time: proposer }),
    /** A block that reaches the member on its own. */
    hold: (block: BlockId): void => replica.receive(0, { type: sharedTypes.block, block }),
    propose: (block: BlockId, view: number, from = view): void =>
      replica.receive(from, { type: messageTypes.prePrepare, view, block }),
    /** What members that want a view say. */
    change: (from: number, view: number, rest: Partial<ViewChange> = {}): ViewChange => ({
      ...{ type: messageTypes.viewChange, view, from, final: genesis },
      ...{ prepared: none, preparedView: none, ...rest },
    }),
    /** The primary of view 1 shows what members want. */
    begin: (changes: readonly ViewChange[], view = 1): void =>
      replica.receive(1, { type: messageTypes.newView, view, changes }),
    prepares: () => blocksOf('prepare'),
    commits: () => blocksOf('commit'),
  }
}
