/**
 * Who can reach whom, over others if need be, where some links are cut: numbers from 0, equal for
 * nodes of one side. Any two nodes would link up if they could.
 *
 * @param isOpen Whether a message gets from one node to another; both ways are tried.
 */
export function sidesOf(
  size: number,
  isOpen: (from: number, to: number) => boolean,
): Int32Array {
  const sides = new Int32Array(size).fill(-1)
  /** Nodes without a side yet are the first `count` of these. */
  const left = Int32Array.from({ length: size }, (_, node) => node)
  let count = size
  let side = 0
  const found: number[] = []
  const take = (index: number): void => {
    const node = left[index]!
    sides[node] = side
    found.push(node)
    left[index] = left[--count]!
  }
  for (let first = 0; first < size; first++) {
    if (sides[first] !== -1) continue
    take(left.indexOf(first))
    while (found.length > 0) {
      const node = found.pop()!
      for (let index = count - 1; index >= 0; index--) {
        const other = left[index]!
        if (isOpen(node, other) || isOpen(other, node)) take(index)
      }
    }
    side++
  }
  return sides
}
