import { ms } from '@counterpoise/engine'
import { difficultyOf } from '../difficulty.ts'
import type { AttackParameters } from './attackParameters.ts'
import type { Coalition } from './coalition.ts'
import { conducting } from './conductOf.ts'
import { createEclipse } from './eclipse.ts'
import { chainOf, each, type Plan, type PlannedPart, ratio } from './plannedPart.ts'
import { poolPayouts } from './poolPayouts.ts'
import { timewarpStamp } from './timewarp.ts'

type Of<kind extends AttackParameters['kind']> = Extract<AttackParameters, { kind: kind }>

/** Miners that work for a pool and throw away what they find. */
export function blockWithholding(
  { miners, pool }: Of<'block-withholding'>,
  { chain }: Plan,
): PlannedPart {
  let discarded = 0
  const discards = (): boolean => {
    discarded++
    return true
  }
  const { weights, totalWeight, size } = chain.committee
  return {
    miners,
    behaviours: each(
      miners,
      conducting(() => ({ discards })),
    ),
    figures: (head) => {
      const found = new Float64Array(size)
      for (const block of chainOf(chain, head)) found[chain.blocks.proposer(block)]!++
      const earned = Array.from(found, (count, node) => ({
        share: weights[node]! / totalWeight,
        revenueShare: ratio(count, chain.blocks.height(head)),
      }))
      const paid = poolPayouts({ miners: earned }, { pool, infiltrators: miners })
      return {
        discarded,
        payout_share: miners.reduce((sum, miner) => sum + paid[miner]!, 0),
        pool_payout_share: paid[pool]!,
      }
    },
  }
}

/** Time stamps that make retarget periods seem long. */
export function lyingStamps(
  { miners }: Of<'timestamps'>,
  { chain, parameters }: Plan,
): PlannedPart {
  const { blocks } = chain
  return {
    miners,
    behaviours: each(
      miners,
      conducting(() => ({ stamp: timewarpStamp })),
    ),
    figures: (head) => ({
      difficulty: difficultyOf(blocks, head),
      growth: ratio(blocks.height(head) * ms(parameters.targetIntervalMs), blocks.time(head)),
    }),
  }
}

/** Miners that are cut off for a while. */
export function eclipse(
  { miners, fromMs, forMs, allies }: Of<'eclipse'>,
  { chain }: Plan,
  coalition: Coalition | undefined,
): PlannedPart {
  const { blocks } = chain
  const behaviour = createEclipse({ fromMs, forMs, coalition: allies ? coalition : undefined })
  return {
    miners,
    behaviours: each(miners, behaviour),
    figures: (head) => {
      let [found, lost] = [0, 0]
      for (let block = 1; block < blocks.size(); block++) {
        const at = blocks.time(block)
        if (!miners.includes(blocks.proposer(block))) continue
        if (at < ms(fromMs) || at >= ms(fromMs + forMs)) continue
        found++
        if (!blocks.isAncestor(block, head)) lost++
      }
      return { eclipsed_found: found, eclipsed_lost: lost }
    },
  }
}
