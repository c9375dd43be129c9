/** Votes of some nodes' validators in one slot, of which nothing has been said yet. */
export type Voters = {
  slot: number
  nodes: readonly number[]
  members: readonly number[]
  /** Effective balance behind them, ETH. */
  ether: number
}

/** Votes that an adversary may still cast for what it likes. */
export type HeldVotes = {
  add: (voters: Voters) => void
  ether: () => number
  /** Takes votes of at least so much stake out, as far as there are: whole nodes, oldest first. */
  take: (ether: number) => Voters[]
  /** Forgets what was due before a slot: newer votes of the same validators take its place. */
  dropBefore: (slot: number) => void
}

/** @param etherOf Effective balance of a validator of a node, ETH. */
export function createHeldVotes(etherOf: (node: number) => number): HeldVotes {
  let held: Voters[] = []

  const votersOf = (
    slot: number,
    nodes: readonly number[],
    members: readonly number[],
  ): Voters => ({
    ...{ slot, nodes, members },
    ether: members.reduce((sum, count, index) => sum + count * etherOf(nodes[index]!), 0),
  })

  /** The first nodes that have so much between them, and the others: a node's votes stay one. */
  const split = ({ slot, nodes, members }: Voters, ether: number): [Voters, Voters] => {
    let sum = 0
    let place = 0
    while (place < nodes.length && sum < ether) {
      sum += members[place]! * etherOf(nodes[place]!)
      place++
    }
    return [
      votersOf(slot, nodes.slice(0, place), members.slice(0, place)),
      votersOf(slot, nodes.slice(place), members.slice(place)),
    ]
  }

  return {
    add: (voters) => {
      held.push(voters)
    },
    ether: () => held.reduce((sum, { ether }) => sum + ether, 0),
    take: (ether) => {
      const taken: Voters[] = []
      let left = ether
      while (held.length > 0 && left > 0) {
        const [part, rest] = split(held.shift()!, left)
        left -= part.ether
        if (part.ether > 0) taken.push(part)
        if (rest.ether > 0) held.unshift(rest)
      }
      return taken
    },
    dropBefore: (slot) => {
      held = held.filter((voters) => voters.slot >= slot)
    },
  }
}
