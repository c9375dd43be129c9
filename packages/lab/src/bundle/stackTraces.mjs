import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * Lets stack traces of a bundle name the sources. Its maps are read when the first trace is
 * looked at, and not before: most runs look at none.
 */
export const nameSourcesOf = (folder) => {
  const base = `${pathToFileURL(folder).href}/`
  const maps = new Map()
  const mapOf = (url) => {
    if (!maps.has(url)) {
      const text = readFileSync(`${fileURLToPath(url)}.map`, 'utf8')
      maps.set(url, new SourceMap(JSON.parse(text)))
    }
    return maps.get(url)
  }
  const textOf = (frame) => {
    const text = String(frame)
    const url = frame.getFileName()
    if (typeof url !== 'string' || !url.startsWith(base)) return text
    const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()]
    const entry = mapOf(url).findEntry(line - 1, column - 1)
    if (entry.originalSource === undefined) return text
    const source = join(dirname(fileURLToPath(url)), entry.originalSource)
    const place = `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
    return text.replace(`${url}:${line}:${column}`, () => place)
  }
  Error.prepareStackTrace = (error, frames) => {
    let lines = frames.map(String)
    try {
      lines = frames.map(textOf)
    } catch {
      // The bundle's own lines are better than none.
    }
    return [headOf(error), ...lines.map((line) => `    at ${line}`)].join('\n')
  }
}

const headOf = (error) => {
  try {
    return Error.prototype.toString.call(error)
  } catch {
    return 'Error'
  }
}
