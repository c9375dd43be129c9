import type { RunningChain } from '@counterpoise/consensus'
import type { Simulation } from '@counterpoise/engine'
import type { NodeId } from '@counterpoise/network'
import type { PoolRecords } from '../contract.ts'
import type { Market } from './market.ts'

export type PoolRecordsOptions = {
  cluster: RunningChain
  market: Market
  /** The access node whose view is recorded. */
  node: NodeId
  /** Units of payments in a full block. */
  blockUnits: number
}

const columns = ['times', 'counts', 'units', 'prices'] as const

/** Writes down what waits whenever a node sees a new head, just after it; copies on reading. */
export function recordPool(simulation: Simulation, options: PoolRecordsOptions): () => PoolRecords {
  const { cluster, market, node, blockUnits } = options
  let capacity = 256
  let count = 0
  const records: PoolRecords = {
    times: new Float64Array(capacity),
    counts: new Float64Array(capacity),
    units: new Float64Array(capacity),
    prices: new Float64Array(capacity),
  }
  const grow = (): void => {
    capacity *= 2
    for (const column of columns) {
      const wider = new Float64Array(capacity)
      wider.set(records[column])
      records[column] = wider
    }
  }
  cluster.observe({
    headChanged: (changed) => {
      if (changed !== node) return
      if (count === capacity) grow()
      records.times[count] = simulation.now()
      records.counts[count] = market.waitingCount()
      records.units[count] = market.waitingUnits(node)
      records.prices[count] = market.priceAtDepth(blockUnits, node)
      count++
    },
  })
  return () => ({
    times: records.times.slice(0, count),
    counts: records.counts.slice(0, count),
    units: records.units.slice(0, count),
    prices: records.prices.slice(0, count),
  })
}
