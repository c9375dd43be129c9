import { mean, quantile, sorted } from '../statistics.ts'

/** What a sample of delays comes to, ms; the deviation is that of the population. */
export type DelayStatistics = { mean_ms: number; median_ms: number; stdev_ms: number }

export type StageStatistics = DelayStatistics & {
  /** By the region of the replica. */
  by_region: Record<string, DelayStatistics>
}

/** Delays since a proposal, by stage and by the region of the replica. */
export type StageSamples = {
  add: (stage: string, region: string, delayMs: number) => void
  /** Stages and regions in the order in which they first came up. */
  statistics: () => Record<string, StageStatistics>
}

export function createStageSamples(): StageSamples {
  const stages = new Map<string, Map<string, number[]>>()
  return {
    add: (stage, region, delayMs) => {
      let regions = stages.get(stage)
      if (regions === undefined) stages.set(stage, (regions = new Map()))
      const delays = regions.get(region)
      if (delays === undefined) regions.set(region, [delayMs])
      else delays.push(delayMs)
    },
    statistics: () => {
      const found: Record<string, StageStatistics> = {}
      for (const [stage, regions] of stages) {
        const byRegion = [...regions].map(([region, delays]) => [region, statisticsOf(delays)])
        found[stage] = {
          ...statisticsOf([...regions.values()].flat()),
          by_region: Object.fromEntries(byRegion) as Record<string, DelayStatistics>,
        }
      }
      return found
    },
  }
}

function statisticsOf(delays: readonly number[]): DelayStatistics {
  const ascending = sorted(Float64Array.from(delays))
  const average = mean(ascending)
  const squares = mean(ascending.map((delay) => (delay - average) * (delay - average)))
  return {
    mean_ms: average,
    median_ms: quantile(ascending, 0.5),
    stdev_ms: Math.sqrt(squares),
  }
}
