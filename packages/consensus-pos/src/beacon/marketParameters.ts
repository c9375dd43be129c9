import * as z from 'zod'
import {
  type BlockMarket,
  checkMarket,
  historicMarket,
  mainnetMarket,
} from './builderMarket.ts'
import { censoringMonths } from './censoringShares.ts'
import { BeaconOptionsError } from './optionsError.ts'

const share = (): z.ZodNumber => z.number().min(0).max(1)
const months = censoringMonths as [string, ...string[]]

const parties = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(200),
      share: share().describe('Of the blocks from relays.'),
      censors: z.boolean().default(false).describe('Leaves out payments of `sanctioned`.'),
    }),
  )
  .min(1)
  .max(1_000)
  .optional()

const shares = {
  month: z
    .enum(months)
    .optional()
    .describe(
      'Censoring builders, relays and proposers have the shares of that month. Source: ' +
        'censorship.pics, means of daily shares.',
    ),
  relayedShare: share()
    .optional()
    .describe('Slots whose proposer takes a block from a relay; 0.927. Source: EIP-8363.'),
  builders: parties.describe('Source: censorship.pics, blocks of 30 days to 2025-11-08.'),
  relays: parties.describe('Source: the same.'),
  censoringProposers: share().optional().describe('Of those who build their blocks themselves.'),
  relayLegMs: z
    .number()
    .min(0)
    .max(60_000)
    .optional()
    .describe('Median from the header’s request until the relay has published; 169. Source: Xatu.'),
  relayLegSigma: z.number().min(0).max(5).optional().describe('Lognormal; 0.5, assumed.'),
}

/** What a scenario may say of where blocks come from; what it leaves out is mainnet's. */
export const marketParameters = z
  .strictObject({
    ...shares,
    changes: z
      .array(z.strictObject({ fromSlot: z.int().min(1).max(100_000_000), ...shares }))
      .max(1_000)
      .optional()
      .describe('What is different from a slot on, counted from the first; the rest stays.'),
  })
  .describe('Blocks from builders over relays (MEV-Boost) and from the proposers’ own nodes.')

/** What the schema makes of it. */
export type MarketParameters = z.output<typeof marketParameters>

type Shares = Omit<MarketParameters, 'changes'>

/** @throws BeaconOptionsError where shares do not sum to 1, or a month has others beside it. */
function changed(before: BlockMarket, given: Shares, path: string): BlockMarket {
  const { month, ...own } = given
  if (month !== undefined) {
    for (const key of ['builders', 'relays', 'censoringProposers'] as const) {
      if (own[key] === undefined) continue
      const expected = `nothing beside the month ${month}, which has shares of its own`
      throw new BeaconOptionsError(`${path}.${key}`, expected, 'other shares')
    }
  }
  const base =
    month === undefined
      ? before
      : { ...before, ...censoringIn(month, own.relayedShare ?? before.relayedShare) }
  const set = Object.entries(own).filter(([, value]) => value !== undefined)
  const market: BlockMarket = { ...base, ...Object.fromEntries(set) }
  checkMarket(market, path)
  return market
}

function censoringIn(month: string, relayedShare: number): Partial<BlockMarket> {
  const { builders, relays, censoringProposers } = historicMarket(month, relayedShare)
  return { builders, relays, censoringProposers }
}

/**
 * The market that parameters name, for every slot counted from the first.
 *
 * @throws BeaconOptionsError with the path of what cannot be.
 */
export function marketOf(parameters: MarketParameters): (slot: number) => BlockMarket {
  const { changes = [], ...first } = parameters
  let current = changed(mainnetMarket, first, 'market')
  const phases = [{ fromSlot: 0, market: current }]
  changes.forEach(({ fromSlot, ...given }, index) => {
    const path = `market.changes.${index}`
    const last = phases.at(-1)!.fromSlot
    if (fromSlot <= last) {
      throw new BeaconOptionsError(`${path}.fromSlot`, `a slot after ${last}`, fromSlot)
    }
    current = changed(current, given, path)
    phases.push({ fromSlot, market: current })
  })
  return (slot) => phases.findLast(({ fromSlot }) => fromSlot <= slot)!.market
}
