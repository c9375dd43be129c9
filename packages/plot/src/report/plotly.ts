import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'

/** The figure library as it is carried in the page. */
export type PackedScript = {
  /** Compressed with gzip, in base64. */
  base64: string
  /** Of the script itself, as a content security policy names it. */
  hash: string
}

/** Packs the figure library; the first call takes half a second, the others nothing. */
export const packPlotly = (): PackedScript => {
  packed ??= pack(readFileSync(createRequire(import.meta.url).resolve('plotly.js-dist'), 'utf8'))
  return packed
}

let packed: PackedScript | undefined

const pack = (script: string): PackedScript => {
  const bytes = gzipSync(script, { level: 9 })
  // The header names the operating system; the same report must come from all of them.
  bytes[9] = 255
  return { base64: bytes.toString('base64'), hash: scriptHash(script) }
}

/** A script as a content security policy names it. */
export const scriptHash = (script: string): string =>
  `'sha256-${createHash('sha256').update(script).digest('base64')}'`
