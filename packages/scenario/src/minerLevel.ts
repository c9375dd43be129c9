import { drawnFrom, type NakamotoParameters } from '@counterpoise/consensus-pow'
import type { NetworkConfig } from './schema/network.ts'
import type { ChainConfig } from './schema/rails.ts'

/** What a chain of proof of work says of its fidelity; undefined at message level. */
function delaysOf({ consensus }: ChainConfig): NakamotoParameters['delayMs'] {
  if (consensus.kind !== 'nakamoto') return undefined
  const { fidelity, delayMs } = consensus.parameters as NakamotoParameters
  return fidelity === 'miner' ? delayMs : undefined
}

/** Whether blocks of a chain reach its nodes after a delay that is drawn, without any relay. */
export const isMinerLevel = (rail: ChainConfig): boolean => delaysOf(rail) !== undefined

/**
 * What lies between the nodes of a chain. At miner level that is a delay between any two, in the
 * place of latency, topology, bandwidth and relay.
 */
export function networkIn(rail: ChainConfig): NetworkConfig {
  const delays = delaysOf(rail)
  if (delays === undefined) return rail.network
  return {
    ...rail.network,
    latency: { kind: 'drawn', ms: drawnFrom(delays) } as NetworkConfig['latency'],
    topology: { kind: 'complete' },
    bandwidth: undefined,
    producers: undefined,
    observers: undefined,
    broadcast: undefined,
    relayDelayMs: 0,
  }
}
