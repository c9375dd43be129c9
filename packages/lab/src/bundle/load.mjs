import module from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freshBundle } from './freshBundle.mjs'
import { nameSourcesOf } from './stackTraces.mjs'

/**
 * Loads a module of the sources: from their bundle, or as they are.
 *
 * @param entry The name of its file in the bundle.
 * @param source The URL of the source.
 */
export const load = async (entry, source) => {
  const folder = await freshBundle()
  if (folder === undefined) {
    const { register } = await import('tsx/esm/api')
    register()
    return import(source)
  }
  nameSourcesOf(folder)
  // From Node 22 on, what was compiled once is not compiled again.
  module.enableCompileCache?.(join(folder, 'compiled'))
  return import(pathToFileURL(join(folder, entry)).href)
}
