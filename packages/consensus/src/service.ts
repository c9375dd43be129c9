import type { Time } from '@counterpoise/engine'
import type { ConsensusModel, Replica } from './contract.ts'

/** How much of a message has to be verified before it counts. */
export type Signatures = {
  /** Signatures of single members. */
  votes: number
  /** Certificates: a quorum's signatures, aggregated or as a list. */
  certificates: number
}

/** What verifying takes a node, µs of at least 0. */
export type ServiceTimes = {
  vote: Time
  certificate: Time
}

/**
 * A replica whose processor verifies every message that may tell it something before it works on
 * it. What a model does not tell the signatures of takes no time.
 */
export function verifying<message>(
  replica: Replica<message>,
  { signatures }: Pick<ConsensusModel<any, message>, 'signatures'>,
  service: ServiceTimes,
  spend: (work: Time) => void,
): Replica<message> {
  const { vote, certificate } = service
  if (signatures === undefined || (vote === 0 && certificate === 0)) return replica
  return {
    ...replica,
    receive: (from, message) => {
      if (replica.isNews?.(message) === false) return replica.receive(from, message)
      const { votes, certificates } = signatures(message)
      const work = Math.round(votes * vote + certificates * certificate)
      if (work > 0) spend(work)
      replica.receive(from, message)
    },
  }
}
