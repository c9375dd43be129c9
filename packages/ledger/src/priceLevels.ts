import { exp, log } from '@counterpoise/engine'

/** How many units stand at which price, to within a level of 4.9 %. */
export type PriceLevels = {
  /** The level of a price; all below 10⁻⁸ share one, all above 10¹⁶ another. */
  levelOf: (price: number) => number
  /** Adds units to a level, or takes them away where they are negative. */
  add: (level: number, units: number) => void
  /** The least edge of a level above which at most `units` stand; undefined where all do. */
  priceAtDepth: (units: number) => number | undefined
}

const levelsPerDecade = 48
const lowestDecade = -8
const levelCount = 24 * levelsPerDecade
const ln10 = 2.302585092994046

/** Makes levels without units. */
export function createPriceLevels(): PriceLevels {
  const unitsAt = new Float64Array(levelCount)
  const edges = new Float64Array(levelCount + 1).fill(-1)
  /** No units stand above this level. */
  let highest = 0

  const edge = (level: number): number => {
    if (edges[level] === -1) edges[level] = exp((level / levelsPerDecade + lowestDecade) * ln10)
    return edges[level]!
  }

  return {
    levelOf: (price) => {
      const level = Math.floor((log(price) / ln10 - lowestDecade) * levelsPerDecade)
      return Math.min(levelCount - 1, Math.max(0, level))
    },
    add: (level, units) => {
      unitsAt[level] = unitsAt[level]! + units
      if (units > 0 && level > highest) highest = level
    },
    priceAtDepth: (units) => {
      while (highest > 0 && unitsAt[highest] === 0) highest--
      let above = 0
      for (let level = highest; level >= 0; level--) {
        above += unitsAt[level]!
        if (above > units) return edge(level + 1)
      }
      return undefined
    },
  }
}
