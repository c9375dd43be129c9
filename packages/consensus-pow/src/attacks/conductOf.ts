import type { Behaviour, ReplicaContext } from '@counterpoise/consensus'
import type { Conduct, WorkContext } from '../conduct.ts'
import type { WorkMessage } from '../messages.ts'

/**
 * A behaviour of members of `nakamoto`, told by what they do otherwise. Behaviours can be nested:
 * the outer one's word counts where both have a say.
 */
export function conducting(
  conductOf: (context: ReplicaContext<WorkMessage>) => Conduct,
): Behaviour {
  return (honest, context) => {
    // A behaviour is written for all models; this one is for the messages of `nakamoto`.
    const own = context as unknown as WorkContext
    const joined: WorkContext = { ...own, conduct: { ...conductOf(own), ...own.conduct } }
    return honest(joined as unknown as typeof context)
  }
}

/** One behaviour inside another. */
export const nested =
  (outer: Behaviour, inner: Behaviour): Behaviour =>
  (honest, context) =>
    outer((given) => inner(honest, given), context)
