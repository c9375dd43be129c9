import {
  type AttackedChain,
  createCommittee,
  type BlockHeader,
  type PaymentsOfAccounts,
  type PlannedAttacks,
} from '@counterpoise/consensus'
import { type Simulation, toMs } from '@counterpoise/engine'
import type { BlockStore, Omission, PaymentId, Payments } from '@counterpoise/ledger'
import type { ChainRailOptions } from './options.ts'

/** The attacks that the parameters of a chain's model name, if they name any. */
export function plannedAttacksOf(
  simulation: Simulation,
  options: ChainRailOptions,
  blocks: BlockStore,
): PlannedAttacks | undefined {
  const { name, model, parameters, payments, validators, accessNodes, relays = [] } = options
  const followers = [...accessNodes, ...relays].map(() => 0)
  return model.attacks?.(parameters, {
    committee: createCommittee([...validators.map(({ weight }) => weight), ...followers]),
    blocks,
    observers: accessNodes.map((_, k) => validators.length + k),
    random: (purpose) => simulation.stream(`${name}/attacks/${purpose}`),
    holdsPaymentOf: holdsPaymentOf(blocks, payments),
    paymentsOf: (accounts) => paymentsOf(options, accounts),
  })
}

const concerns = (
  payments: Payments,
  payment: PaymentId,
  accounts: ReadonlySet<number>,
): boolean => accounts.has(payments.from(payment)) || accounts.has(payments.to(payment))

/** Whether a block holds a payment from or to one of some accounts. */
export const holdsPaymentOf =
  (blocks: BlockStore, payments: Payments): AttackedChain['holdsPaymentOf'] =>
  (block, accounts) =>
    blocks.payments(block).some((payment) => concerns(payments, payment, accounts))

/** What a block leaves out, told by its payments. */
export function omissionOf(
  { omits, listedUntil = -1, settledAt }: Pick<BlockHeader, 'omits' | 'listedUntil' | 'settledAt'>,
  payments: Payments,
): Omission | undefined {
  if (omits === 'everything') return omits
  if (omits === undefined && settledAt === undefined) return undefined
  return (payment) => {
    const sentAt = payments.submittedAt(payment)
    if (settledAt !== undefined && sentAt > settledAt) return true
    return omits !== undefined && sentAt > listedUntil && concerns(payments, payment, omits)
  }
}

function paymentsOf(
  { number, payments }: ChainRailOptions,
  accounts: ReadonlySet<number>,
): PaymentsOfAccounts {
  let offered = 0
  const sums = { theirs: 0, others: 0 }
  const counts = { theirs: 0, others: 0 }
  for (let payment = 0; payment < payments.count(); payment++) {
    if (payments.rail(payment) !== number) continue
    const whose = concerns(payments, payment, accounts) ? 'theirs' : 'others'
    if (whose === 'theirs') offered++
    const includedAt = payments.includedAt(payment)
    if (includedAt < 0) continue
    counts[whose]++
    sums[whose] += toMs(includedAt - payments.intendedAt(payment))
  }
  const meanOf = (whose: 'theirs' | 'others'): number =>
    counts[whose] === 0 ? 0 : sums[whose] / counts[whose]
  return {
    offered,
    included: counts.theirs,
    time_to_inclusion_ms: meanOf('theirs'),
    others_time_to_inclusion_ms: meanOf('others'),
  }
}
