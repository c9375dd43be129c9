import type { BeaconState } from '../transition/beaconState.ts'
import type { BuilderBid, BuilderLedger } from '../transition/builderPayments.ts'
import type { BlockSource } from './builderMarket.ts'
import type { Payload } from './payloads.ts'

/** A branch at the beginning of an epoch. */
export type EpochState = {
  epoch: number
  /** The last block before the epoch. */
  tip: number
  beacon: BeaconState
}

/** A checkpoint: epoch and the block that stands for it. */
export type Root = { epoch: number; block: number }

/** A block of the tree with what follows from its chain. */
export type BeaconBlock = {
  id: number
  parent: number
  slot: number
  /** The node that proposed it; −1 for the first. */
  proposer: number
  /** When it was published, µs. */
  time: number
  bytes: number
  /** Bundles in it. */
  bundles: readonly number[]
  /** Reports of validators that contradicted themselves, by their numbers. */
  slashings: readonly number[]
  /** Whom its chain has slashed so far: the keys of their offences. */
  offences: ReadonlySet<number>
  /** Who built it, over which relay; undefined where no market was given. */
  source?: BlockSource | undefined
  /** Whether attesters who refuse blocks with some payments object to this one. */
  isObjectionable?: boolean | undefined
  /** In forks that part them: its payload, and whether it builds upon that of its parent. */
  payload?: Payload | undefined
  isParentWhole?: boolean | undefined
  /** The bid that it holds, and what builders have and owe after it. */
  bid?: BuilderBid | undefined
  builders?: BuilderLedger | undefined
  /** When each node had it and had checked it, µs. */
  seen: Float64Array
  settled: number
  partial: boolean
  epochState: EpochState
  /** Effective balance that voted for the targets of the previous and of this epoch, ETH. */
  previousTarget: number
  currentTarget: number
  /** Realised in its own state, and if its epoch ended with it. */
  justified: Root
  finalised: Root
  unrealisedJustified: Root
  unrealisedFinalised: Root
}

/** Does a block build upon its parent's payload? `get_parent_payload_status`. */
export const buildsOnFull = ({ isParentWhole }: BeaconBlock): boolean => isParentWhole !== false
