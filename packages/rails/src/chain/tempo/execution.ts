import {
  type BlockId,
  type BlockStore,
  type BuildBudget,
  createBuildBudget,
  createMempool,
  createTempoChain,
  createTempoState,
  createTempoValidators,
  type Mempool,
  type TempoChain,
  type TempoObstacle,
  type TempoPolicies,
  type TempoState,
  type TempoTransaction,
  type TempoValidators,
} from '@counterpoise/ledger'
import type { Member } from '@counterpoise/consensus'
import type { Time } from '@counterpoise/engine'
import type { ChainRules } from '../options.ts'
import type { TempoOptions } from './options.ts'

export type TempoExecutionOptions = {
  blocks: BlockStore
  rules: ChainRules
  tempo: TempoOptions
  validators: readonly Member[]
  /** Nodes after them that have no votes. */
  followers: number
  /** By their numbers; whoever offers one to the pool puts it here first. */
  transactions: readonly TempoTransaction[]
  policies: TempoPolicies
  /** The number of the token that an account pays with. */
  currencyOf: (account: number) => number
  onEvicted: (id: number) => void
  onDropped: (id: number, why: TempoObstacle) => void
}

/** A pool, the state of the chain, and what blocks of it cost those who make and check them. */
export type TempoExecution = {
  mempool: Mempool
  state: TempoState
  chain: TempoChain
  /** The token that a producer takes fees in, and all of those. */
  tokenOf: (proposer: number) => string
  producerTokens: readonly string[]
  /** Gas of other traffic in a block of a base fee. */
  otherGas: (baseFee: number) => number
  /** What checking a block takes a node, µs; the node learns from it for its own blocks. */
  checkCost: (block: BlockId, node: number) => Time
}

export function createTempoExecution(options: TempoExecutionOptions): TempoExecution {
  const { blocks, rules, tempo, transactions, validators } = options
  const { build, pools, tokens } = tempo
  const mempool = createMempool({
    capacityUnits: rules.mempoolUnits,
    minimumPrice: rules.minimumPrice,
    onEvicted: options.onEvicted,
  })
  const state = createTempoState({
    ...{ blocks, rules: tempo.rules, tokens, pools, policies: options.policies },
    validators: ownersPlan(options),
    holds: (account, token) =>
      tempo.holdings === 'all' || options.currencyOf(account) === token,
  })
  const budgets: BuildBudget[] = []
  const budgetOf = (node: number): BuildBudget => (budgets[node] ??= createBuildBudget(build))
  const producerToken = validators.map(({ name }) => tempo.validatorTokens[name] ?? tokens[0]!.name)
  const tokenOf = (proposer: number): string => producerToken[proposer]!
  const otherGas = otherGasOf(rules, tempo)
  const chain = createTempoChain({
    ...{ blocks, mempool, state, transactions, pools, otherGas },
    baseFeeRule: rules.baseFee,
    limits: {
      gas: rules.unitsLimit,
      generalGas: tempo.generalGas,
      transactionGas: tempo.transactionGas,
      bytes: rules.bytesLimit,
      timeUs: build.budget,
    },
    costOf: (proposer) => budgetOf(proposer).cost,
    tokenOf,
    rebalancing: tempo.rebalancing,
    policyGas: tempo.policies?.updateGas ?? 1,
    validatorGas: tempo.validators?.gas ?? 1,
    onDropped: options.onDropped,
  })
  return {
    ...{ mempool, state, chain, otherGas, tokenOf },
    producerTokens: [...new Set(producerToken)],
    checkCost: (block, node) => {
      const gas = blocks.gas(block)
      const executing = rules.unitsPerSecond === 0 ? 0 : (gas / rules.unitsPerSecond) * 1_000_000
      const writing = (blocks.bytes(block) * build.persistNsPerByte) / 1_000
      const time = Math.round(executing + writing)
      budgetOf(node).learn(time, gas, chain.block(block)?.ids.length ?? 0)
      return time
    },
  }
}

/** The changes of the owner, with the votes of all members, those who only follow included. */
function ownersPlan({ followers, tempo, validators }: TempoExecutionOptions): TempoValidators {
  const none = Array.from({ length: followers }, () => 0)
  const { changes = [] } = tempo.validators ?? {}
  return createTempoValidators(
    [...validators.map(({ weight }) => weight), ...none],
    changes.map(({ at, weights }) => ({ at, weights: [...weights, ...none] })),
  )
}

function otherGasOf({ otherTraffic }: ChainRules, { generalGas }: TempoOptions) {
  const { unitsPerBlock = 0, laneLimit = generalGas, priceLimit = Number.POSITIVE_INFINITY } =
    otherTraffic ?? {}
  const most = Math.min(unitsPerBlock, laneLimit, generalGas)
  return (baseFee: number): number => (baseFee > priceLimit ? 0 : most)
}
