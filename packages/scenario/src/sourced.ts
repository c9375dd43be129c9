import { pathText } from './errors.ts'

/** Where a number of a scenario comes from. */
export type SourceNote = {
  path: string
  value: number | string
  unit: string
  source: string
  /** True where no measurement or document stands behind it. */
  assumed: boolean
}

/** Takes the values out of `{ value, unit, source, assumed? }` and notes where they came from. */
export function withoutSources(data: unknown): { plain: unknown; sources: SourceNote[] } {
  const sources: SourceNote[] = []
  const strip = (node: unknown, path: PropertyKey[]): unknown => {
    if (Array.isArray(node)) return node.map((item, index) => strip(item, [...path, index]))
    if (typeof node !== 'object' || node === null) return node
    if (isSourced(node)) {
      const { value, unit, source, assumed = false } = node
      sources.push({ path: pathText(path), value: valueText(value), unit, source, assumed })
      return strip(value, path)
    }
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, strip(value, [...path, key])]),
    )
  }
  return { plain: strip(data, []), sources }
}

function valueText(value: unknown): number | string {
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value)
}

type SourcedNode = { value: unknown; unit: string; source: string; assumed?: boolean }

/** True for an object of just these keys; anything else is left to the schema to judge. */
export function isSourced(node: object): node is SourcedNode {
  const keys = Object.keys(node)
  const known = keys.every((key) => ['value', 'unit', 'source', 'assumed'].includes(key))
  if (!known || !('value' in node) || !('unit' in node) || !('source' in node)) return false
  const { unit, source } = node
  if ('assumed' in node && typeof node.assumed !== 'boolean') return false
  return typeof unit === 'string' && typeof source === 'string'
}
