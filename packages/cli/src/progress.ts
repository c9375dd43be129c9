import { formatDuration, seconds } from '@counterpoise/engine'
import type { Progress } from '@counterpoise/lab'
import { SingleBar } from 'cli-progress'

/** Shows how far a job is: a bar on a terminal, now and then a line elsewhere. */
export type ProgressView = {
  show: (progress: Progress) => void
  end: () => void
}

const lineEveryMs = 5_000

/** Makes the view that fits the stream. */
export function createProgress(stream: NodeJS.WriteStream): ProgressView {
  return stream.isTTY ? bar(stream) : lines(stream)
}

function bar(stream: NodeJS.WriteStream): ProgressView {
  const started = performance.now()
  const view = new SingleBar({
    stream,
    format: '{bar} {percentage} %  {text}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 28,
    hideCursor: true,
    clearOnComplete: true,
  })
  view.start(1_000, 0, { text: 'starting' })
  return {
    show: (progress) =>
      view.update(Math.round(progress.share * 1_000), { text: textOf(progress, started) }),
    end: () => view.stop(),
  }
}

function lines(stream: NodeJS.WriteStream): ProgressView {
  const started = performance.now()
  let last = started
  return {
    show: (progress) => {
      const now = performance.now()
      if (now - last < lineEveryMs && progress.done < progress.total) return
      last = now
      stream.write(`${Math.floor(progress.share * 100)} %  ${textOf(progress, started)}\n`)
    },
    end: () => undefined,
  }
}

function textOf({ simulatedSeconds, events, share, done, total }: Progress, started: number): string {
  const elapsed = (performance.now() - started) / 1_000
  const rate = events / elapsed / 1_000_000
  const left = share > 0.02 ? (elapsed * (1 - share)) / share : undefined
  return [
    `${formatDuration(seconds(simulatedSeconds))} simulated`,
    `${rate.toFixed(1)} M events/s`,
    ...(total > 1 ? [`${done} of ${total} worlds done`] : []),
    ...(left === undefined || done === total ? [] : [`about ${Math.ceil(left)} s left`]),
  ].join(', ')
}
