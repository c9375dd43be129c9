import type { RunningChain } from '@counterpoise/consensus'
import { type BlockId, genesis, type TempoTransaction } from '@counterpoise/ledger'
import { bestHead } from '../blockRecords.ts'
import type { TempoExecution } from './execution.ts'
import type { TempoOptions, TempoRecords, TempoSessionRecords } from './options.ts'

export type TempoRecordsOptions = {
  cluster: RunningChain
  execution: TempoExecution
  tempo: TempoOptions
  transactions: readonly TempoTransaction[]
  /** Payments for single requests that were signed. */
  charges: number
  sessions: TempoSessionRecords
}

/** Adds up the chain of the member with the highest head. */
export function tempoRecords(options: TempoRecordsOptions): TempoRecords {
  const { cluster, execution, tempo, transactions } = options
  const { blocks } = cluster
  const path = chainOf(cluster)
  const stops = new Map<string, number>()
  const fees = new Map(tempo.tokens.map(({ name }) => [name, 0]))
  const received = new Map<string, number>()
  const paymentCounts = Int32Array.from(path, (block) => blocks.paymentCount(block))
  const baseFees = new Float64Array(path.length)
  const sums = {
    ...{ transactions: 0, payments: 0, batched: 0, refused: 0 },
    ...{ gas: 0, generalGas: 0, otherGas: 0 },
  }
  for (const [index, block] of path.entries()) {
    const { gas, generalGas, ids, receipts, refused, stop } = execution.chain.block(block)!
    const baseFee = execution.chain.baseFee(block)
    const token = execution.tokenOf(blocks.proposer(block))
    baseFees[index] = baseFee
    sums.transactions += ids.length
    sums.payments += blocks.paymentCount(block)
    sums.gas += gas
    sums.generalGas += generalGas
    sums.otherGas += execution.otherGas(baseFee)
    sums.refused += refused.size
    stops.set(stop, (stops.get(stop) ?? 0) + 1)
    for (const [place, id] of ids.entries()) {
      const calls = transactions[id]!.calls.length
      if (calls > 1) sums.batched += calls
      const paid = tempo.tokens[transactions[id]!.feeToken]!.name
      fees.set(paid, fees.get(paid)! + receipts[place]!.fee)
      received.set(token, (received.get(token) ?? 0) + receipts[place]!.received)
    }
  }
  const { charges, sessions } = options
  return {
    ...{ ...sums, charges, sessions, paymentCounts, baseFees, stops, fees, received },
    blocks: path.length,
    policyUpdates: execution.state.policies.position(),
    validatorChanges: execution.state.validators.position(),
  }
}

/** The blocks of the chain that the best informed member follows, lowest first. */
function chainOf(cluster: RunningChain): BlockId[] {
  const { blocks } = cluster
  const path: BlockId[] = []
  for (let block = bestHead(cluster); block !== genesis; block = blocks.parent(block)) {
    path.push(block)
  }
  return path.reverse()
}
