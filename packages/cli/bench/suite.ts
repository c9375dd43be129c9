import { openReport } from '@counterpoise/engine/bench'
import { wholeRun } from './wholeRuns.ts'

const { close, derive, flags } = openReport({ joins: true })

// Ten seconds of one core.
if (!flags.quick) {
  for (const preset of ['simblock-600', 'simblock-9000', 'bitcoin-2025']) {
    const { seconds, megabytes } = wholeRun(preset)
    derive(`preset/${preset}/whole process, s`, seconds)
    derive(`preset/${preset}/whole process, MB`, megabytes)
  }
}

close()
