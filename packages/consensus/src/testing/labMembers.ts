import type { Member } from '../cluster.ts'

/** So many members with one vote each, under operators of their own, all at one place. */
export const labMembers = (count: number): Member[] =>
  Array.from({ length: count }, (_, node) => ({
    name: `member-${node}`,
    attributes: { region: 'lab', operator: `operator-${node}` },
    weight: 1,
  }))
