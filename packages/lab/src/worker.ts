/** What a thread runs, for a loader that wants a default export. */
export { runShared as default } from './workerTask.ts'
