import { bitcoinPolicies, createBitcoinPool, createTransactions } from '@counterpoise/ledger'

const table = createTransactions()
const pool = createBitcoinPool({ table, policy: bitcoinPolicies.v31 })
const send = (satPerVb: number, more: { spends?: number[]; parents?: number[] } = {}): number => {
  const id = table.add({ fee: satPerVb * 141, weight: 564, ...more })
  console.log(`${id} at ${satPerVb} sat/vB: ${pool.submit(id, 0) ?? 'in the pool'}`)
  return id
}

const parent = send(1, { spends: [7] })
send(5)
send(12, { parents: [parent] })
send(12, { spends: [7] })
send(14, { spends: [7] })
console.log(`the next block: ${pool.select().join(', ')}`)
