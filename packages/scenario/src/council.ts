import type { Member } from '@counterpoise/consensus'
import { decideMotions, type MotionVerdict, votesNeeded } from '@counterpoise/economy'
import { placeOf } from './placeOf.ts'
import type { AssociationConfig } from './schema/association.ts'

/** Who validates after all motions, and what became of each. */
export type Council = {
  members: Member[]
  decisions: { what: 'admit' | 'remove'; member: string; verdict: MotionVerdict }[]
  /** Of these members, for a further change. */
  votesNeeded: number
}

/** @throws AssociationError where more vote than there are. */
export function councilOf(founders: readonly Member[], config: AssociationConfig): Council {
  const { investmentUsd, motions, ...rules } = config
  const admitted = new Map<string, Member>()
  const decided = decideMotions(
    // Who has signed the charter has met its terms.
    founders.map(({ name }) => ({ name, investmentUsd, isNonProfit: false })),
    { investmentUsd, ...rules },
    motions.map((motion) => {
      if (motion.what === 'remove') return motion
      const { investmentUsd: invested, nonProfit, ...place } = motion.member
      const { name } = place
      admitted.set(name, { ...placeOf(place), weight: 1 })
      return { ...motion, member: { name, investmentUsd: invested, isNonProfit: nonProfit } }
    }),
  )
  const known = new Map(founders.map((founder) => [founder.name, founder]))
  return {
    members: decided.members.map(({ name }) => known.get(name) ?? admitted.get(name)!),
    decisions: motions.map(({ what, member }, k) => ({
      ...{ what, member: typeof member === 'string' ? member : member.name },
      verdict: decided.verdicts[k]!,
    })),
    votesNeeded: votesNeeded({ investmentUsd, ...rules }, decided.members.length),
  }
}
