export { compareReports, readReport, type Report } from './compare.ts'
export { cpuSeconds, type Figure, interleave, machine } from './measure.ts'
