// The entry of a thread. On Node 20 a thread cannot begin with a TypeScript file.
import { register } from 'tsx/esm/api'

register()
const { runShared } = await import('./workerTask.ts')
export default runShared
