import { type Simulation, SnapshotError } from '@counterpoise/engine'

/**
 * Says of a part of a run that its state cannot be saved: a snapshot without it would go on as
 * another run, and nobody would notice.
 */
export function refuseSnapshots(simulation: Simulation, name: string, what: string): void {
  simulation.keep(name, {
    save: () => {
      throw new SnapshotError(`A snapshot cannot hold ${what}.`, {
        docsPath: 'networks-and-faults.md#snapshots',
        metaMessages: [
          'Build the run again and repeat it to this point: `replayTo(makeRun, events)`.',
        ],
      })
    },
    restore: () => undefined,
  })
}
