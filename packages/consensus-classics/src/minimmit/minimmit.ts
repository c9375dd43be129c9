import { defineConsensus } from '@counterpoise/consensus'
import { blsTimes, pauseAlone } from '@counterpoise/consensus/parts'
import { messageTypes, type MinimmitMessage } from './messages.ts'
import { minimmitParameters, type MinimmitParameters, toSettings } from './parameters.ts'
import { createReplica } from './replica.ts'
import { minimmitSignatures } from '../signatures.ts'

/**
 * Minimmit: one round of votes. Two fifths of them move the view on, four fifths make the block
 * final two message delays after its proposal; in exchange less than a fifth may fail.
 *
 * Source: Chou, Lewis-Pye, O'Grady, arXiv 2508.10862.
 */
export const minimmit = defineConsensus<MinimmitParameters, MinimmitMessage>({
  name: 'minimmit',
  parameters: minimmitParameters,
  finality: 'deterministic',
  dissemination: 'direct',
  faultLimit: (count) => Math.floor((count - 1) / 5),
  isOwnWord: ({ type }) => type <= messageTypes.notarise,
  signatures: minimmitSignatures,
  serviceTimes: blsTimes,
  problems: pauseAlone('pacingMs'),
  createReplica: (parameters, context) => createReplica(context, toSettings(parameters)),
})
