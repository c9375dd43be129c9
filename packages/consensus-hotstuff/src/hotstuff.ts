import { type ConsensusModel, defineConsensus } from '@counterpoise/consensus'
import { ed25519Times, pauseAlone } from '@counterpoise/consensus/parts'
import { type HotStuffMessage, messageTypes } from './messages.ts'
import { hotStuffParameters, type HotStuffParameters, toSettings } from './parameters.ts'
import { createReplica } from './replica.ts'
import { hotStuffSignatures } from './signatures.ts'

const chained = (
  name: string,
  chainLength: 2 | 3,
): ConsensusModel<HotStuffParameters, HotStuffMessage> =>
  defineConsensus({
    name,
    parameters: hotStuffParameters,
    finality: 'deterministic',
    dissemination: 'direct',
    faultLimit: (count) => Math.floor((count - 1) / 3),
    // The last block of the chain is certified by the leader after it. Reputation is nothing to go
    // by before the first block is final.
    leadersInTurn: ({ contiguousRounds, leaders }) => ({
      each: contiguousRounds,
      needed: chainLength + 1,
      onlyAtFirst: leaders === 'reputation',
    }),
    isOwnWord: ({ type }) => type <= messageTypes.vote,
    signatures: hotStuffSignatures,
    serviceTimes: ed25519Times,
    problems: pauseAlone('pacingMs'),
    createReplica: (parameters, context) =>
      createReplica(context, toSettings(parameters, chainLength)),
  })

/**
 * Chained HotStuff: votes go to the next leader, a block every two message delays, final for all
 * seven after its proposal, when three certificates on rounds in a row stand on it. Its pacemaker
 * is DiemBFT's, with timeout certificates.
 *
 * Source: Yin and others, HotStuff, arXiv 1803.05069; the lock by rounds as in DiemBFT v3.
 */
export const hotstuff = chained('hotstuff', 3)

/**
 * DiemBFT v4 or Jolteon: as HotStuff, but two certificates make a block final, five message delays
 * after its proposal; in exchange a leader that follows a failed round must show a quorum's
 * timeouts, of quadratic cost.
 *
 * Source: Gelashvili and others, arXiv 2106.10362; diem/diem 516b1d9 for the values.
 */
export const jolteon = chained('jolteon', 2)
