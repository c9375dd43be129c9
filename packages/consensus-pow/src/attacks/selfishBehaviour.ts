import type { Behaviour } from '@counterpoise/consensus'
import { createCoalition } from './coalition.ts'
import { selfishMining } from './strategies.ts'

/**
 * Selfish mining (SM1) at message level: a member that keeps the blocks it finds to itself, shows
 * one when it hears of a block of the same height, and all when its lead is down to one. Who then
 * mines on its block, γ, follows from the network.
 */
export const selfishBehaviour: Behaviour = (honest, context) =>
  createCoalition({ strategy: selfishMining() }).behaviour(honest, context)
