import type { RunningChain } from '@counterpoise/consensus'
import type { Simulation } from '@counterpoise/engine'
import { feeAt, type TransactionId } from '@counterpoise/ledger'
import { completeTopology, type Topology } from '@counterpoise/network'
import type { Pools, PoolsOptions } from './bitcoinMarket.ts'
import { createNodePool, type NodePool } from './nodePools.ts'
import { createBitSet } from './relayLinks.ts'
import { relaySchedules } from './relaySchedule.ts'
import { createTransactionRelay, type TransactionRelay } from './transactionRelay.ts'

/**
 * A pool for each miner and each access node, and the relay of transactions among all nodes.
 *
 * A node that only relays has no pool: it passes on what pays enough, and what outbids the
 * transactions of the same coin that it has passed on before, as BIP 125 asks.
 */
export function createNodesPools(simulation: Simulation, options: PoolsOptions): Pools {
  const { chain, table, ledger, bitcoin } = options
  const { policy } = bitcoin
  const firstAccess = chain.validators.length
  const firstRelay = firstAccess + chain.accessNodes.length
  const hasEstimates = chain.wallet.strategy === 'bitcoin estimate'
  /** Given up by their payers: no node takes them any more. */
  const withdrawn = createBitSet()
  const pools: NodePool[] = Array.from({ length: firstRelay }, (_, node) =>
    createNodePool({
      ...options.pool,
      estimates: hasEstimates && node >= firstAccess,
      onLeft: (id, why) => options.onLeft(id, why, node),
      onJoined: (block) => options.onJoined(block, node),
    }),
  )
  let relay: TransactionRelay | undefined

  const passes = (node: number, id: TransactionId): boolean => {
    const bytes = table.virtualBytes(id)
    if (table.fee(id) < feeAt(policy.relayRate, bytes)) return false
    const due = feeAt(policy.incrementalRate, bytes)
    return ledger
      .versions(table.spend(id, 0))
      .every(
        (other) =>
          other === id || !relay!.has(node, other) || table.fee(id) >= table.fee(other) + due,
      )
  }
  const receive = (node: number, id: TransactionId): boolean => {
    if (withdrawn.has(id)) return false
    if (node >= firstRelay) return passes(node, id)
    return pools[node]!.submit(id, simulation.now()) === undefined
  }
  const isConfirmed = (id: TransactionId): boolean => pools.some(({ pool }) => pool.isConfirmed(id))

  return {
    of: (node) => pools[node]!,
    send: (id, node) => {
      const { pool } = pools[node]!
      const rejected = pool.rejection(id, simulation.now())
      if (rejected !== undefined) return rejected
      relay!.originate(node, id)
      return pool.has(id) ? undefined : 'below pool minimum'
    },
    withdraw: (ids) => {
      if (ids.some(isConfirmed)) return false
      for (const id of ids) {
        withdrawn.add(id)
        for (const { pool } of pools) pool.forget(id)
      }
      return true
    },
    know: (id) => pools.some(({ pool }) => pool.has(id) || pool.isConfirmed(id)),
    made: () => {},
    addLinkFault: (fault) => relay!.addLinkFault(fault),
    join: (cluster) => {
      cluster.observe({
        headChanged: (node, head) => {
          if (node < firstRelay) pools[node]!.moveTo(head, simulation.now())
        },
      })
      relay = createTransactionRelay(simulation, {
        name: `${chain.name}/transactions`,
        topology: topologyOf(options, cluster),
        latency: chain.network.latency,
        schedule: bitcoin.relay ?? relaySchedules.v21,
        isUp: cluster.network.isUp,
        receive,
      })
    },
  }
}

/** Links that carry transactions: all but those for blocks only, or everybody with everybody. */
function topologyOf({ chain }: PoolsOptions, { members }: RunningChain): Topology {
  const { topology } = chain.network
  if (topology === undefined) return completeTopology(members.length)
  return 'transactions' in topology ? (topology.transactions as Topology) : topology
}
