import type { Attributes } from '@counterpoise/network'
import type { Site } from '../contract.ts'

/** One institution or data centre of a card network. */
export type CardParty = {
  name: string
  attributes: Attributes
}

/** The parties of one role. */
export type Parties = {
  count: number
  isUp: (party: number) => boolean
  /**
   * Even while it is up, odd while it is down, never the same again: what a party had in hand is
   * lost where its epoch is no longer the one in which it was taken.
   */
  epoch: (party: number) => number
  sites: readonly Site[]
}

/** Makes the parties of one role, all of them up. */
export function createParties(
  role: string,
  parties: readonly CardParty[],
  onChange?: (party: number, up: boolean) => void,
): Parties {
  const epochs = new Int32Array(parties.length)
  const change = (party: number, up: boolean): void => {
    if ((epochs[party]! & 1) === (up ? 0 : 1)) return
    epochs[party] = epochs[party]! + 1
    onChange?.(party, up)
  }
  return {
    count: parties.length,
    isUp: (party) => (epochs[party]! & 1) === 0,
    epoch: (party) => epochs[party]!,
    sites: parties.map(({ name, attributes }, party) => ({
      name,
      role,
      attributes,
      takeDown: () => change(party, false),
      bringUp: () => change(party, true),
    })),
  }
}
