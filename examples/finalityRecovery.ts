import { mkdirSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { daysOfEpochs, finalityRecovery, lineChart } from 'counterpoise'
import { smoothLeakEpochs, steppedLeakEpochs } from 'counterpoise'

/**
 * How long is Ethereum without finality when a share of its stake falls silent? The state
 * transition, epoch by epoch, beside its closed forms; for validators of 32 ETH, whose effective
 * balance falls in steps, and of 2,048 ETH, for whom a step is small.
 */
export function sweepAbsent(shares: readonly number[]) {
  return shares.map((absent) => ({
    absent,
    small: finalityRecovery({ absent }).leakEpochs ?? Number.NaN,
    large: finalityRecovery({ absent, balanceEther: 2_048 }).leakEpochs ?? Number.NaN,
    stepped: steppedLeakEpochs(absent),
    smooth: smoothLeakEpochs(absent),
  }))
}

/** 34 % to below a half by half a per cent: from there on the queue of exits counts as well. */
export const shares = Array.from({ length: 32 }, (_, index) => 0.34 + 0.005 * index)

export function chartOf(rows: ReturnType<typeof sweepAbsent>): string {
  const points = (name: 'small' | 'large' | 'stepped' | 'smooth') =>
    rows.map((row) => [100 * row.absent, daysOfEpochs(row[name])] as const)
  return lineChart({
    title: 'Until finality returns by the inactivity leak',
    x: 'share of the stake that is absent, %',
    y: 'days of the leak until two thirds are present',
    lines: [
      { name: '32 ETH, closed form with steps', points: points('stepped') },
      { name: '32 ETH, simulated', as: 'dots', points: points('small') },
      { name: '2,048 ETH, smooth closed form', points: points('smooth') },
      { name: '2,048 ETH, simulated', as: 'dots', points: points('large') },
    ],
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const rows = sweepAbsent(shares)
  console.log('absent  32 ETH  closed  2,048 ETH  closed   (epochs of 6.4 minutes)')
  for (const { absent, small, stepped, large, smooth } of rows) {
    const cells = [small, stepped, large, smooth].map((epochs) => epochs.toFixed(0).padStart(8))
    console.log(`${(100 * absent).toFixed(1)} %${cells.join('')}`)
  }
  mkdirSync('out', { recursive: true })
  writeFileSync('out/finality-recovery.svg', chartOf(rows))
  console.log('Written: out/finality-recovery.svg')
}
