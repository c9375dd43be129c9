import { type Keeper, SnapshotError } from '@counterpoise/engine'
import type { LinkFaults, SavedGroups } from './linkFaults.ts'
import type { Messages, SavedMessages } from './messages.ts'
import type { NetworkCounters } from './network.ts'
import type { Sender } from './sender.ts'

/** What a snapshot holds of a network; `alter` may change who is up, and the loss. */
export type SavedNetwork<message> = SavedGroups & {
  up: Uint8Array
  counters: NetworkCounters
  lossProbability: number
  messages: SavedMessages<message>
}

export type KeptParts<message> = {
  name: string
  /** Why it can never be saved, where that is so. */
  never: string | undefined
  up: Uint8Array
  counters: NetworkCounters
  messages: Messages<message>
  links: LinkFaults
  sender: Sender
}

/**
 * Saves a network with its messages under way. Queues at limited bandwidths, faults of links that
 * are on, and what protocols know of broadcasts are not saved: a snapshot then says so.
 */
export function createNetworkKeeper<message>(
  parts: KeptParts<message>,
): Keeper<SavedNetwork<message>> {
  const { name, never, up, counters, messages, links, sender } = parts
  return {
    save: () => {
      const fault = links.count() > 0 ? 'a fault of its links is on' : undefined
      const reason = never ?? sender.unsaved() ?? fault
      if (reason !== undefined) {
        throw new SnapshotError(`A snapshot cannot hold the network '${name}': ${reason}.`, {
          docsPath: 'networks-and-faults.md#snapshots',
          metaMessages: [
            'Build the run again and repeat it to this point: `replayTo(makeRun, events)`.',
          ],
        })
      }
      const lossProbability = sender.lossProbability()
      return { ...links.save(), up, counters, lossProbability, messages: messages.save() }
    },
    restore: (saved) => {
      up.set(saved.up)
      Object.assign(counters, saved.counters)
      messages.restore(saved.messages)
      // Before the links: what they held is not there any more.
      sender.restore(saved.lossProbability)
      links.restore(saved)
    },
  }
}
