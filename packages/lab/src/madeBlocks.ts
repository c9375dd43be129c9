import type { BlockRecords, BlockTree } from '@counterpoise/rails'
import type { ScenarioOutcome } from './runScenario.ts'

/** All blocks of a chain, stale ones included, in columns. */
export type MadeBlocks = BlockTree & {
  /** The operators that `makers` are numbers of. */
  operators: string[]
}

/** The blocks of a chain that can fork; undefined for others. */
export function madeBlocksOf({ tree, makers }: BlockRecords): MadeBlocks | undefined {
  return tree && { ...tree, operators: makers.map(({ operator }) => operator) }
}

/**
 * The blocks of an outcome as a JSON document, a line for each block: `id` from 0, the block that
 * all begin with, in the order in which they were made; `parent` and `miner` are null for block 0;
 * `status` is `chain`, `stale`, or `open`: it stands on the head, and nobody follows it yet.
 */
export function madeBlocksText({ scenario, result, runs, trees }: ScenarioOutcome): string {
  const head = {
    scenario: result.scenario,
    seed: scenario.data.seed,
    replication: runs[0]!.replication,
    digest: runs[0]!.digest,
  }
  const rails = Object.entries(trees).map(([name, made]) => {
    const lines = made.parents.map((_, block) => `      ${JSON.stringify(blockOf(made, block))}`)
    return `    ${JSON.stringify(name)}: [\n${lines.join(',\n')}\n    ]`
  })
  const fields = Object.entries(head).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`,
  )
  return `{\n${fields.join('')}  "rails": {\n${rails.join(',\n')}\n  }\n}\n`
}

function blockOf(made: MadeBlocks, block: number): object {
  return {
    id: block,
    parent: block === 0 ? null : made.parents[block]!,
    height: made.heights[block]!,
    miner: made.operators[made.makers[block]!] ?? null,
    time_ms: made.times_ms[block]!,
    bytes: made.bytes[block]!,
    status: statusOf(made, block),
  }
}

function statusOf(made: MadeBlocks, block: number): 'chain' | 'open' | 'stale' {
  if (made.in_chain[block] === 1) return 'chain'
  return made.open[block] === 1 ? 'open' : 'stale'
}
