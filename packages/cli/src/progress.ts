import { formatDuration, seconds, throttleProgress } from '@counterpoise/engine'
import type { Progress } from '@counterpoise/lab'
import { SingleBar } from 'cli-progress'

/** Shows how far a job is: a bar on a terminal, now and then a line elsewhere. */
export type ProgressView = {
  show: (progress: Progress) => void
  end: () => void
}

const lineEveryMs = 5_000
const barWidth = 10

/** Makes the view that fits the stream. */
export function createProgress(stream: NodeJS.WriteStream): ProgressView {
  return stream.isTTY ? bar(stream) : lines(stream)
}

/** Says how many of some runs are done, on a line of its own that goes away; only on a terminal. */
export function createRunLine(stream: NodeJS.WriteStream): {
  show: (done: number, total: number) => void
  end: () => void
} {
  if (!stream.isTTY) return { show: () => undefined, end: () => undefined }
  let isShown = false
  return {
    show: throttleProgress({
      everyMs: 200,
      wallClock: () => performance.now(),
      onProgress: (done: number, total: number) => {
        isShown = true
        stream.write(`\r\u001b[K${done} of ${total} runs`)
      },
    }),
    end: () => {
      if (isShown) stream.write('\r\u001b[K')
    },
  }
}

function bar(stream: NodeJS.WriteStream): ProgressView {
  const textOf = createText()
  const view = new SingleBar({
    stream,
    format: '{bar} {text}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: barWidth,
    hideCursor: true,
    clearOnComplete: true,
    // A signal brings the cursor back, even where a second one ends the process at once.
    gracefulExit: true,
  })
  view.start(1_000, 0, { text: 'starting' })
  return {
    show: (progress) => view.update(Math.floor(progress.share * 1_000), { text: textOf(progress) }),
    end: () => view.stop(),
  }
}

function lines(stream: NodeJS.WriteStream): ProgressView {
  const textOf = createText()
  let last = performance.now()
  let isOver = false
  return {
    show: (progress) => {
      const now = performance.now()
      if (isOver || (now - last < lineEveryMs && progress.done < progress.total)) return
      last = now
      isOver = progress.done === progress.total
      stream.write(`${textOf(progress)}\n`)
    },
    end: () => undefined,
  }
}

/** ` 42 %  31s left  1d 02h 03m simulated  640 k events/s  3/5 worlds`, for 80 columns. */
function createText(): (progress: Progress) => string {
  const started = performance.now()
  const left = createTimeLeft()
  return (progress) => {
    const { simulatedSeconds, events, share, done, total } = progress
    const elapsed = (performance.now() - started) / 1_000
    const remaining = left(elapsed, share)
    return [
      `${String(Math.floor(share * 100)).padStart(3)} %`,
      ...(done === total || remaining === undefined ? [] : [`${timeText(remaining)} left`]),
      `${formatDuration(seconds(simulatedSeconds))} simulated`,
      `${rateText(events / elapsed)} events/s`,
      ...(total > 1 ? [`${done}/${total} worlds`] : []),
    ].join('  ')
  }
}

/** Seconds that are left, once enough is done to tell; smoothed, so that it does not jump. */
function createTimeLeft(): (elapsed: number, share: number) => number | undefined {
  let whole: number | undefined
  return (elapsed, share) => {
    if (share < 0.02) return undefined
    const estimate = elapsed / share
    whole = whole === undefined ? estimate : whole + (estimate - whole) / 8
    // It has taken that long already, and takes a moment more.
    whole = Math.max(whole, elapsed + 1)
    return whole - elapsed
  }
}

/** Whole seconds below a minute, and no more than two units above. */
function timeText(left: number): string {
  if (left < 60) return `${Math.ceil(left)}s`
  const step = left < 3_600 ? 5 : 60
  return formatDuration(seconds(Math.ceil(left / step) * step))
}

function rateText(perSecond: number): string {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(1)} M`
  if (perSecond >= 1e3) return `${Math.round(perSecond / 1e3)} k`
  return String(Math.round(perSecond))
}
