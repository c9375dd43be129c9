import type { Progress } from '@counterpoise/lab'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createProgress, createRunLine } from './progress.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const progressAt = (share: number): Progress => ({
  done: Math.floor(share * 2),
  total: 2,
  share,
  simulatedSeconds: share * 90_000,
  events: share * 4_000_000,
})

/** What a stream that is no terminal gets to see, a call every half a second. */
function linesOf(shares: readonly number[]): string[] {
  let text = ''
  const write = (chunk: string): boolean => {
    text += chunk
    return true
  }
  const view = createProgress({ isTTY: false, write } as unknown as NodeJS.WriteStream)
  for (const share of shares) {
    vi.advanceTimersByTime(500)
    view.show(progressAt(share))
  }
  view.end()
  return text.split('\n')
}

test('default: a line every five seconds and one at the end', () => {
  const shares = Array.from({ length: 20 }, (_, step) => (step + 1) / 20)
  expect(linesOf(shares)).toEqual([
    ' 50 %  5s left  12h 30m simulated  400 k events/s  1/2 worlds',
    '100 %  1d 01h 00m simulated  400 k events/s  2/2 worlds',
    '',
  ])
})

test('behavior: the end is told once', () => {
  expect(linesOf([0.4, 1, 1, 1])).toEqual([
    '100 %  1d 01h 00m simulated  4.0 M events/s  2/2 worlds',
    '',
  ])
})

test('behavior: what is left is not guessed from nothing, and never ends before its time', () => {
  const shares = Array.from({ length: 20 }, (_, step) => (step < 10 ? 0.01 : 0.99))
  const [early, late] = linesOf(shares)
  expect(early).not.toContain('left')
  expect(late).toMatch(/^ 99 %  [1-9]\d*s left/)
})

/** What is written while seven runs take 90 ms each. */
function runLineOf(isTTY: boolean): string {
  let text = ''
  const write = (chunk: string): boolean => {
    text += chunk
    return true
  }
  const line = createRunLine({ isTTY, write } as unknown as NodeJS.WriteStream)
  for (let done = 1; done <= 7; done++) {
    vi.advanceTimersByTime(90)
    line.show(done, 7)
  }
  line.end()
  return text
}

test('the line of runs: five times a second on a terminal, and gone at the end', () => {
  const clear = '\r\u001b[K'
  expect(runLineOf(true)).toBe(`${clear}3 of 7 runs${clear}6 of 7 runs${clear}`)
  expect(runLineOf(false)).toBe('')
})
