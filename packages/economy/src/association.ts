import { AssociationError } from './errors.ts'

/** Somebody who has or wants a seat in an association's council, and runs a validator for it. */
export type AssociationMember = {
  name: string
  /** Put into the association, US dollars. */
  investmentUsd: number
  /** Pays nothing. */
  isNonProfit: boolean
}

/** Who may sit in a council, and how many must agree to change that. One member has one vote. */
export type AssociationRules = {
  /** The least investment, non-profits exempt, US dollars. */
  investmentUsd: number
  membersMax: number
  /** The part of the votes that a change needs, as a fraction of whole numbers. */
  majority: { of: number; needs: number }
}

/** A change that is put to the vote. */
export type AssociationMotion =
  | { what: 'admit'; member: AssociationMember; inFavour: number; recused: number }
  | { what: 'remove'; member: string; inFavour: number; recused: number }

/** Why a motion came to nothing. */
export type MotionVerdict =
  | 'passed'
  | 'too few votes'
  | 'investment too small'
  | 'no seat left'
  | 'a member already'
  | 'not a member'

/**
 * Votes that a motion needs of those who may vote on it, rounded up: at 2 of 3, 14 of 21.
 *
 * @param voters Members without those who are recused.
 */
export function votesNeeded({ majority }: AssociationRules, voters: number): number {
  const { needs, of } = majority
  if (!(Number.isSafeInteger(needs) && Number.isSafeInteger(of) && needs > 0 && needs <= of)) {
    throw new AssociationError('majority', 'a fraction of whole numbers up to 1', `${needs}/${of}`)
  }
  return Math.ceil((voters * needs) / of)
}

/**
 * Puts motions to the vote, one after the other; each finds the members that those before it left.
 *
 * Source: the interim articles of the Libra Association, minutes of 2019-10-14: one vote per
 * member, who is recused where there is a conflict of interest; two thirds to admit or remove.
 *
 * @throws AssociationError where more vote than there are, or a vote is no whole number.
 */
export function decideMotions(
  founders: readonly AssociationMember[],
  rules: AssociationRules,
  motions: readonly AssociationMotion[],
): { members: AssociationMember[]; verdicts: MotionVerdict[] } {
  let members = [...founders]
  const verdicts = motions.map((motion): MotionVerdict => {
    const { inFavour, recused } = motion
    const voters = members.length - recused
    if (!isCount(recused) || voters < 0) {
      throw new AssociationError('recused', `from 0 to ${members.length}`, recused)
    }
    if (!isCount(inFavour) || inFavour > voters) {
      throw new AssociationError('votes in favour', `from 0 to ${voters}`, inFavour)
    }
    const name = motion.what === 'admit' ? motion.member.name : motion.member
    const isMember = members.some((member) => member.name === name)
    if (isMember !== (motion.what === 'remove')) {
      return isMember ? 'a member already' : 'not a member'
    }
    if (motion.what === 'admit') {
      const { investmentUsd, isNonProfit } = motion.member
      if (!isNonProfit && investmentUsd < rules.investmentUsd) return 'investment too small'
      if (members.length >= rules.membersMax) return 'no seat left'
    }
    if (inFavour < votesNeeded(rules, voters)) return 'too few votes'
    members =
      motion.what === 'admit'
        ? [...members, motion.member]
        : members.filter((member) => member.name !== name)
    return 'passed'
  })
  return { members, verdicts }
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0
