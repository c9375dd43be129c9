export { answer, question } from './answer.ts'
export type { Finding } from './answer.ts'
export { describePartial } from './answer/partial.ts'
export { costFigure } from './figures/cost.ts'
export { distributionFigure } from './figures/distribution.ts'
export { latencyFigure } from './figures/latency.ts'
export type { Figure, FigureOptions } from './figures/theme.ts'
export { lineChart } from './figures/lineChart.ts'
export type { ChartLine, LineChartOptions } from './figures/lineChart.ts'
export { mempoolFigure } from './figures/mempool.ts'
export { throughputFigure } from './figures/throughput.ts'
export {
  formatCount,
  formatExact,
  formatMs,
  formatRate,
  formatShare,
  formatUsd,
  formatWatts,
  formatWh,
} from './format.ts'
export type { Measured } from './format.ts'
export { renderReport, saveReport } from './report.ts'
export { resultTable } from './table.ts'
export type { ResultGroup, ResultRow, ResultTable } from './table.ts'
