import { log, lognormal, ms, type Stream, type Time } from '@counterpoise/engine'
import { BeaconOptionsError, checkShares } from './optionsError.ts'
import { censoringMonths, censoringSharesIn } from './censoringShares.ts'

/** Whoever passes blocks on or builds them, with the share of relayed blocks that it has. */
export type Participant = { name: string; share: number; censors: boolean }

/** Where blocks come from: builders over relays (MEV-Boost), or the proposer's own node. */
export type BlockMarket = {
  /** Share of the slots whose proposer takes a block from a relay. */
  relayedShare: number
  builders: readonly Participant[]
  relays: readonly Participant[]
  /** Share of the proposers who censor in blocks that they build themselves. */
  censoringProposers: number
  /**
   * From the header's request until the relay has published, ms: median and sigma of a lognormal.
   * What a builder has seen by the request is in the block.
   */
  relayLegMs: number
  relayLegSigma: number
}

/** Where one block comes from. */
export type BlockSource = {
  /** Names; empty for a block that its proposer built. */
  builder: string
  relay: string
  censors: boolean
  /** From the moment when the block's content was fixed until it was published, µs. */
  leg: Time
}

/**
 * Mainnet in November 2025: builders and relays by their blocks of 30 days (censorship.pics, to
 * 2025-11-08; a block that several relays deliver counts for each), 92.7 % of blocks relayed
 * (EIP-8363, year to July 2026). Who had no sanctioned payment in thousands of blocks censors.
 * Blocks from relays are first seen 169 ms later at the median than local ones (Xatu, April 2026);
 * the leg's sigma is assumed.
 */
export const mainnetMarket: BlockMarket = {
  relayedShare: 0.927,
  builders: [
    { name: 'Titan Builder', share: 0.4484, censors: false },
    { name: 'Quasar', share: 0.1396, censors: false },
    { name: 'BuilderNet (Beaver)', share: 0.1124, censors: false },
    { name: 'BuilderNet (Flashbots)', share: 0.1117, censors: false },
    { name: 'BuilderNet (Nethermind)', share: 0.0932, censors: false },
    { name: 'rsync-builder', share: 0.0338, censors: true },
    { name: 'beaverbuild', share: 0.0305, censors: false },
    { name: 'Builder+', share: 0.0197, censors: false },
    { name: 'others', share: 0.0107, censors: false },
  ],
  relays: [
    { name: 'Ultra Sound', share: 0.3613, censors: false },
    { name: 'bloXroute max profit', share: 0.2725, censors: false },
    { name: 'bloXroute regulated', share: 0.1482, censors: false },
    { name: 'Titan', share: 0.0718, censors: false },
    { name: 'Aestus', share: 0.0538, censors: false },
    { name: 'Agnostic Gnosis', share: 0.0481, censors: false },
    { name: 'Flashbots', share: 0.0443, censors: false },
  ],
  censoringProposers: 0,
  relayLegMs: 169,
  relayLegSigma: 0.5,
}

/**
 * A market with the shares of censoring builders and relays of a month since the Merge. A builder
 * and its relay are drawn apart from each other, so a block escapes both with the product of what
 * they leave; the measured shares do not say how the two overlap.
 *
 * @throws BeaconOptionsError for a month that was not measured.
 */
export function historicMarket(
  month: string,
  relayedShare = mainnetMarket.relayedShare,
): BlockMarket {
  const shares = censoringSharesIn(month)
  if (shares === undefined) {
    const expected = `a month from ${censoringMonths[0]} to ${censoringMonths.at(-1)}`
    throw new BeaconOptionsError('month', expected, month)
  }
  const parties = (share: number): Participant[] => {
    // Shares of all blocks; of the relayed ones they are more.
    const censoring = Math.min(1, share / relayedShare)
    return [
      { name: 'censoring', share: censoring, censors: true },
      { name: 'open', share: 1 - censoring, censors: false },
    ]
  }
  return {
    ...mainnetMarket,
    relayedShare,
    builders: parties(shares.builders),
    relays: parties(shares.relays),
    censoringProposers: shares.proposers,
  }
}

/** Share of all blocks that leave sanctioned payments out, builder and relay taken apart. */
export function marketCensors(market: BlockMarket): number {
  const censoring = (parties: readonly Participant[]): number =>
    parties.reduce((sum, { share, censors }) => sum + (censors ? share : 0), 0)
  const relayed = 1 - (1 - censoring(market.builders)) * (1 - censoring(market.relays))
  return market.relayedShare * relayed + (1 - market.relayedShare) * market.censoringProposers
}

/** @throws BeaconOptionsError with the path of a share that cannot be. */
export function checkMarket(market: BlockMarket, path = 'market'): void {
  checkShares(`${path}.builders`, market.builders.map(({ share }) => share))
  checkShares(`${path}.relays`, market.relays.map(({ share }) => share))
  const { relayedShare, censoringProposers, relayLegMs, relayLegSigma } = market
  for (const [name, share] of Object.entries({ relayedShare, censoringProposers })) {
    if (share >= 0 && share <= 1) continue
    throw new BeaconOptionsError(`${path}.${name}`, '0 to 1', share)
  }
  for (const [name, value] of Object.entries({ relayLegMs, relayLegSigma })) {
    if (value >= 0) continue
    throw new BeaconOptionsError(`${path}.${name}`, 'at least 0', value)
  }
}

/**
 * The auction of one slot. Bids are a builder's weight times an exponential draw's inverse, so
 * that each wins with its share whatever the others bid (Luce's choice); the relay is drawn by its
 * share. `isRelayed` and `censorsLocally` settle what the node itself decides; drawn from the
 * market's shares unless given.
 */
export function drawSource(
  market: BlockMarket,
  stream: Stream,
  node: { isRelayed?: boolean | undefined; censorsLocally?: boolean | undefined } = {},
): BlockSource {
  const asks = stream.uniform()
  const isRelayed = node.isRelayed ?? asks < market.relayedShare
  const own = stream.uniform()
  if (!isRelayed) {
    const censors = node.censorsLocally ?? own < market.censoringProposers
    return { builder: '', relay: '', censors, leg: 0 }
  }
  const builder = auction(market.builders, stream)
  const relay = auction(market.relays, stream)
  return {
    builder: builder.name,
    relay: relay.name,
    censors: builder.censors || relay.censors,
    leg: ms(lognormal(stream, market.relayLegMs, market.relayLegSigma)),
  }
}

/** The highest bid: the least of exponential draws at rates as the shares. */
function auction(parties: readonly Participant[], stream: Stream): Participant {
  let best = parties[0]!
  let least = Number.POSITIVE_INFINITY
  for (const party of parties) {
    const draw = -log(1 - stream.uniform()) / party.share
    if (party.share > 0 && draw < least) {
      least = draw
      best = party
    }
  }
  return best
}
