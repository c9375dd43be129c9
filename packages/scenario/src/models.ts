import type { ConsensusModel } from '@counterpoise/consensus'
import { minimmit, pbft, tendermint } from '@counterpoise/consensus-classics'
import { beacon, gasper } from '@counterpoise/consensus-pos'
import { nakamoto } from '@counterpoise/consensus-pow'
import { hotstuff, jolteon } from '@counterpoise/consensus-hotstuff'
import { simplex } from '@counterpoise/consensus-simplex'

/** The consensus models that a scenario may name without registering them. */
export const builtInModels: readonly ConsensusModel[] = [
  nakamoto,
  gasper,
  beacon,
  simplex,
  hotstuff,
  jolteon,
  pbft,
  tendermint,
  minimmit,
]
