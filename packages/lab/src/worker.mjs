// The entry of a thread. On Node 20 a thread cannot begin with a TypeScript file.
import { load } from './bundle/load.mjs'

const source = new URL('./worker.ts', import.meta.url).href
const { default: runShared } = await load('worker.mjs', source)
export default runShared
