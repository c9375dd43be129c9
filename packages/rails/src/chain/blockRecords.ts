import type { Cluster } from '@counterpoise/consensus'
import { genesis } from '@counterpoise/ledger'
import type { BlockRecords } from '../contract.ts'

/** The chain of the member with the most work behind its head, and what was left beside it. */
export function blockRecords(cluster: Cluster): BlockRecords {
  const { blocks, members } = cluster
  let head = genesis
  for (let node = 0; node < members.length; node++) {
    const other = cluster.head(node)
    if (blocks.totalWork(other) > blocks.totalWork(head)) head = other
  }
  const times = new Float64Array(blocks.height(head))
  for (let block = head; block !== genesis; block = blocks.parent(block)) {
    times[blocks.height(block) - 1] = blocks.time(block)
  }
  return { times, stale: blocks.size() - 1 - times.length }
}
