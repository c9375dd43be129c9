import type { Profile } from '@counterpoise/lab'

/** Where events and time went, as a table of plain text and a line below it. */
export function profileText({ kinds, events, wallSeconds, ...peaks }: Profile): string {
  const share = (part: number, whole: number): string =>
    `${(whole === 0 ? 0 : (part / whole) * 100).toFixed(1)} %`
  const rows = kinds.map((each) => [
    each.kind,
    String(each.events),
    share(each.events, events),
    share(each.seconds, wallSeconds),
    `${each.seconds.toFixed(2)} s`,
    `${((each.seconds / each.events) * 1e9).toFixed(0)} ns`,
  ])
  const table = [['event', 'count', 'of events', 'of time', 'time', 'each'], ...rows]
  const widths = table[0]!.map((_, k) => Math.max(...table.map((row) => row[k]!.length)))
  const lines = table.map((row) =>
    row.map((cell, k) => (k === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[k]!))),
  )
  const perSecond = wallSeconds === 0 ? 0 : Math.round(events / wallSeconds)
  const summary = [
    `${events} events in ${wallSeconds.toFixed(2)} s: ${perSecond} events/s`,
    `at most ${peaks.pendingMax} pending`,
    `at most ${Math.ceil(peaks.memoryBytesMax / 1_048_576)} MiB in use`,
  ]
  return `${lines.map((line) => line.join('  ')).join('\n')}\n${summary.join(', ')}\n`
}
