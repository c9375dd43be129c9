import { isLeft } from 'fp-ts/lib/Either.js'
import { formatScenarioError } from './errors.ts'
import { presets } from './presets/index.ts'
import { readText } from './readText.ts'
import { scenarioOf, validateScenario } from './validate.ts'
import { vary } from './vary.ts'
import { createWorld } from './world.ts'

// oxlint-disable-next-line no-explicit-any
export type Draft = any

/** A preset with changes that no type would allow. */
export function broken(name: keyof typeof presets, recipe: (draft: Draft) => void): unknown {
  return vary<Draft>(presets[name], recipe)
}

/** The messages for data, one per line; empty where it is valid. */
export function messages(input: unknown, file?: string): string {
  const result = validateScenario(input)
  if (!isLeft(result)) return ''
  return result.left.map((error) => formatScenarioError(error, file)).join('\n')
}

/** Messages broken at blanks to fit the page, for snapshots. */
export function wrapped(text: string): string {
  const lines = text.split('\n').flatMap((line) => {
    const parts = ['']
    for (const word of line.replace(/^scenario /, '').split(' ')) {
      const last = parts.at(-1)!
      if (last.length + word.length > 84) parts.push(`  ${word}`)
      else parts[parts.length - 1] = last === '' ? word : `${last} ${word}`
    }
    return parts
  })
  return `\n${lines.join('\n')}\n`
}

/** The messages for a text, whatever step they come from. */
export function textMessages(text: string, format: 'json' | 'yaml'): string {
  const read = readText(text, format)
  const result = isLeft(read) ? read : validateScenario(read.right.data, read.right)
  if (!isLeft(result)) return ''
  return result.left.map((error) => formatScenarioError(error, `scenario.${format}`)).join('\n')
}

/** Half an hour of payments over a small beacon network, with whatever else is said. */
export function beaconWorldOf(recipe: (draft: Draft) => void = () => {}) {
  const data = vary(presets.ethereum, (draft: Draft) => {
    draft.workload.for = '30m'
    draft.workload.arrivals[0].ratePerSecond = 2
    draft.rails.ethereum.relays.nodes = 20
    recipe(draft)
  })
  const world = createWorld({ data: scenarioOf(data).data, variant: 'ethereum' })
  world.run()
  return { world, stake: world.rails[0]!.stake!() }
}
