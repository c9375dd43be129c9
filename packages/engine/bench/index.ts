export { compareReports, readReport, type Report } from './compare.ts'
export { compareWithGoals } from './goals.ts'
export { cpuSeconds, type Figure, interleave, machine, memoryInUse } from './measure.ts'
