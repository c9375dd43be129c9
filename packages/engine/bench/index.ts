export { type BenchReport, openReport } from './benchReport.ts'
export { cpuSeconds, type Figure, memoryInUse } from './measure.ts'
