/**
 * How many members in a row are up at most, where they lead in turn over and over: infinitely many
 * where all are.
 */
export function longestRow(isUp: readonly boolean[]): number {
  if (isUp.every(Boolean)) return Number.POSITIVE_INFINITY
  let longest = 0
  let inRow = 0
  // Twice around: a row may go on over the end of the turn.
  for (const up of [...isUp, ...isUp]) {
    inRow = up ? inRow + 1 : 0
    longest = Math.max(longest, inRow)
  }
  return longest
}
