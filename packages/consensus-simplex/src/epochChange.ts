import { createCommittee } from '@counterpoise/consensus'
import { createElectorate } from '@counterpoise/consensus/parts'
import { createCeremony, dealShares } from './ceremony.ts'
import type { Core } from './core.ts'
import { baseView, ceremonyOutcomeOf, highestEpoch } from './epochs.ts'
import { EpochLimitError } from './errors.ts'
import { enterView } from './viewMachine.ts'
import { createViewWindow } from './viewWindow.ts'
import { timers } from './timers.ts'

/**
 * The last block of the epoch is final and executed: the next epoch starts here and now, at view 1,
 * with the committee that the block names.
 */
export function enterNextEpoch(core: Core): void {
  const { context, finalisedBlock: end, settings } = core
  const epoch = core.epoch + 1
  if (epoch > highestEpoch) throw new EpochLimitError(settings.epochBlocks)
  const outcome = ceremonyOutcomeOf(context.blocks, end)!
  core.ends.push({ view: core.finalisedView, block: end })
  core.epoch = epoch
  core.electorate = createElectorate(createCommittee(outcome.weights))
  core.votes = core.electorate.weights[context.self]! > 0
  core.ceremony = createCeremony(context, settings, epoch, end)
  const base = baseView(epoch)
  core.window = createViewWindow(context.committee.size, settings.viewsToTrack, base + 1)
  core.heard.fill(base)
  core.followedSince = base + 1
  core.finalisedView = base
  core.finalisedBlock = end
  core.fetching.certificatesBelow = 0
  core.uncertified.length = 0
  core.shards.clear()
  for (const timer of [timers.leader, timers.certification, timers.build, timers.retry]) {
    context.clearTimer(timer)
  }
  dealShares(core)
  enterView(core, base + 1)
}
