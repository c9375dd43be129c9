import { type BlockFigures, measureRail } from '@counterpoise/lab'
import type { BlockTree } from '@counterpoise/rails'
import { createWorld, presets, scenarioOf, vary } from '@counterpoise/scenario'

export type PresetName = keyof typeof presets

export type Run = BlockFigures & { tree: BlockTree }

/** Ten replications of a preset with some parameters changed. */
export function runsOf(
  name: PresetName,
  blocks: number,
  change: (rail: any) => void = () => {},
): Run[] {
  return Array.from({ length: 10 }, (_, replication) => {
    const scenario = scenarioOf(
      vary<any>(presets[name], (draft) => {
        draft.blocks = blocks
        for (const rail of Object.values(draft.rails)) change(rail)
      }),
    )
    const variant = Object.keys(scenario.data.rails)[0]!
    const world = createWorld({ data: scenario.data, variant, replication })
    world.run()
    const { tree } = world.rails[0]!.blocks()!
    return { ...measureRail(world, world.simulation.now()).result.blocks!, tree: tree! }
  })
}

export const seconds = (values: readonly (number | undefined)[]): number[] =>
  values.map((value) => value! / 1_000)
