import type { BeaconBlock, Root } from '../beacon/blocks.ts'
import { type BeaconChain, epochOf } from '../beacon/chain.ts'
import type { PayloadTally } from '../beacon/payloadVotes.ts'
import { isKnown, latest_messages, type Seen } from './referenceHeads.ts'

/** `PayloadStatus`. */
type Status = 'empty' | 'full' | 'pending'
/** `ForkChoiceNode`. */
export type Node = { root: number; status: Status }

/** `Store`, of one view. */
export type PayloadSeen = Seen & {
  verified: (id: number) => boolean
  tally: (id: number) => PayloadTally
  /** `block_timeliness` at `PTC_TIMELINESS_INDEX`. */
  early: (id: number) => boolean
  /** Stake of a slot's committee, ETH, and PTC_SIZE. */
  slotEther: number
  committee: number
}

/** `get_head` of Gloas as the specification tells it, function by function, with no memory. */
export function get_payload_head(chain: BeaconChain, view: PayloadSeen): Node {
  const { blocks } = chain
  const { now, boosted, committee } = view
  const { latest, equivocating } = latest_messages(chain, view)
  const store = blocks.filter((b) => isKnown(chain, view, b))
  const epoch = epochOf(now)
  const source = (b: BeaconBlock): Root =>
    epochOf(b.slot) < epoch ? b.unrealisedJustified : b.justified
  let justified = blocks[0]!.justified
  for (const b of store) if (source(b).epoch > justified.epoch) justified = source(b)

  const get_parent_payload_status = (b: BeaconBlock): Status =>
    b.isParentWhole === true ? 'full' : 'empty'

  const get_ancestor = (node: Node, slot: number): Node => {
    const b = blocks[node.root]!
    if (b.slot <= slot) return node
    return get_ancestor({ root: b.parent, status: get_parent_payload_status(b) }, slot)
  }

  const is_ancestor = (node: Node, ancestor: Node): boolean => {
    const found = get_ancestor(node, blocks[ancestor.root]!.slot)
    if (found.root !== ancestor.root) return false
    return found.status === ancestor.status || ancestor.status === 'pending'
  }

  const get_attestation_score = (node: Node): number => {
    let score = 0
    for (const { of, ether } of latest.values()) {
      let status: Status = 'pending'
      if (blocks[of.head]!.slot < of.slot) status = of.payloadPresent === true ? 'full' : 'empty'
      if (is_ancestor({ root: of.head, status }, node)) score += ether
    }
    return score
  }

  const is_head_weak = (root: number): boolean =>
    get_attestation_score({ root, status: 'pending' }) + equivocating < view.slotEther * 0.2

  const is_previous_slot_payload_decision = ({ root, status }: Node): boolean =>
    blocks[root]!.slot + 1 === now && status !== 'pending'

  const should_extend_payload = (root: number): boolean => {
    if (!view.verified(root)) return false
    const { timely, available } = view.tally(root)
    return (
      (timely > Math.floor(committee / 2) && available > Math.floor(committee / 2)) ||
      boosted < 0 ||
      blocks[boosted]!.parent !== root ||
      get_parent_payload_status(blocks[boosted]!) === 'full'
    )
  }

  const get_payload_status_tiebreaker = (node: Node): number => {
    if (is_previous_slot_payload_decision(node)) {
      if (node.status === 'empty') return 1
      return should_extend_payload(node.root) ? 2 : 0
    }
    return ['empty', 'full', 'pending'].indexOf(node.status)
  }

  const should_apply_proposer_boost = (): boolean => {
    if (boosted < 0) return false
    const { slot, parent: root } = blocks[boosted]!
    const parent = blocks[root]!
    if (parent.slot + 1 < slot) return true
    if (!is_head_weak(root)) return true
    const equivocations = store.filter(
      (b) =>
        view.early(b.id) && b.proposer === parent.proposer && b.slot + 1 === slot && b.id !== root,
    )
    return equivocations.length === 0
  }

  const get_weight = (node: Node): number => {
    if (is_previous_slot_payload_decision(node)) return 0
    const score = get_attestation_score(node)
    if (!should_apply_proposer_boost()) return score
    return score + (is_ancestor({ root: boosted, status: 'pending' }, node) ? view.boost : 0)
  }

  const get_node_children = ({ root, status }: Node): Node[] => {
    if (status !== 'pending') {
      return store.flatMap((b) =>
        b.id > 0 && b.parent === root && status === get_parent_payload_status(b)
          ? [{ root: b.id, status: 'pending' as const }]
          : [],
      )
    }
    const sides: Node[] = [{ root, status: 'empty' }]
    if (view.verified(root)) sides.push({ root, status: 'full' })
    return sides
  }

  const filter_node_tree = (node: Node): boolean => {
    const children = get_node_children(node)
    if (children.length > 0) return children.some(filter_node_tree)
    const voting = source(blocks[node.root]!).epoch
    return justified.epoch === 0 || voting === justified.epoch || voting + 2 >= epoch
  }

  let head: Node = { root: justified.block, status: 'pending' }
  for (;;) {
    const children = get_node_children(head).filter(filter_node_tree)
    if (children.length === 0) return head
    children.sort(
      (a, b) =>
        get_weight(b) - get_weight(a) ||
        b.root - a.root ||
        get_payload_status_tiebreaker(b) - get_payload_status_tiebreaker(a),
    )
    head = children[0]!
  }
}
