import { scaledEstimate } from '@counterpoise/lab'
import { formatCount, formatMs } from '../format.ts'
import type { RailView } from '../view.ts'
import { list } from './compare.ts'

type Rails = readonly { name: string; rail: RailView }[]

/** What motions and epochs made of those who validate, on rails where they can change. */
export const governanceAnswer = (rails: Rails): string =>
  rails
    .flatMap(({ name, rail }) => [associationText(name, rail), committeeText(name, rail)])
    .filter((text) => text !== '')
    .join(' ')

/** So many motions, or changes, are told one by one. */
const toldMax = 5

const associationText = (name: string, { association }: RailView): string => {
  const decisions = association?.decisions ?? []
  if (association === undefined || decisions.length === 0) return ''
  const { members, motions, votes_needed: votes } = association
  const told =
    decisions.length <= toldMax
      ? decisions.map(({ what, member, verdict }) => `${what} ${member} (${verdict})`)
      : Object.entries(motions).map(([verdict, count]) => `${formatCount(count)} ${verdict}`)
  const { length } = decisions
  return (
    `The association of ${name} voted on ${formatCount(length)} ` +
    `${length === 1 ? 'motion' : 'motions'}: ${list(told)}. It has ${formatCount(members)} ` +
    `members, and a further change needs ${formatCount(votes)} votes.`
  )
}

const committeeText = (name: string, { committee }: RailView): string => {
  if (committee === undefined) return ''
  const { epochs, failed_ceremonies: failed, size, changes } = committee
  const ended =
    epochs.mean === 0
      ? `No epoch of ${name} ended within the run`
      : `${formatCount(epochs)} ${epochs.mean === 1 ? 'epoch' : 'epochs'} of ${name} ended` +
        (failed.mean === 0 ? '' : `, ${formatCount(failed)} with a ceremony that failed`)
  return `${ended}; ${changesText(changes)}validators at the end: ${formatCount(size)}.`
}

type Changes = NonNullable<RailView['committee']>['changes']

/** What changed and when; what differs between replications has only its counts. */
const changesText = (changes: Changes): string => {
  if (changes === null) return 'who validates changed in other ways in other replications; '
  if (changes.length === 0) return 'who validates never changed; '
  const told = changes.slice(0, toldMax).map(({ at_s: at, joined, left }) => {
    const moves = [...movesOf('joined', joined), ...movesOf('left', left)]
    return `${list(moves)} after ${formatMs(scaledEstimate(at, (s) => s * 1_000))}`
  })
  const more = changes.length - told.length
  return `${told.join(', ')}${more > 0 ? `, and ${formatCount(more)} more changes` : ''}; `
}

const movesOf = (what: string, names: readonly string[] | null): string[] => {
  if (names === null || names.length === 0) return []
  const many = names.length > toldMax
  return [`${many ? formatCount(names.length) : list(names)} ${what}`]
}
