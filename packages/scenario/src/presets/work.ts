import type { ScenarioInput } from '../input.ts'
import { assumed, sourced } from './notes.ts'
import { otherWorkPresets } from './workOther.ts'
import {
  chainAlone,
  check2015,
  gervais,
  measuredTails,
  miners2016,
  miners2025,
  nodesOf,
  simBlock,
  six,
  target,
  vantagePoint,
  wellConnected,
  yearly,
} from './workParts.ts'

/** Chains of proof of work on the networks of their years. */
export const workPresets = {
  'bitcoin-2012': chainAlone('bitcoin-2012', 'bitcoin', 'Bitcoin in 2012: small blocks', 500, {
    consensus: {
      kind: 'nakamoto',
      parameters: {
        targetIntervalMs: target,
        retarget: 'none',
        blockBytes: assumed(
          { kind: 'exponential', mean: 90_000 },
          'bytes',
          'blocks of mid-2012 had some 90 kB; no source',
        ),
        relay: {
          mode: 'inv',
          checkMsPerMegabyte: assumed(4_000, 'ms per 10⁶ bytes', 'before 0.8: ten times 2015'),
        },
      },
    },
    validators: miners2016,
    relays: nodesOf(assumed(3_500, 'nodes', 'reachable in 2012; recalled from Decker 2013')),
    network: {
      latency: six('2015'),
      topology: { kind: 'random', outgoing: sourced(8, 'connections', 'Bitcoin Core') },
      bandwidth: measuredTails,
      observers: vantagePoint,
    },
  }),
  'bitcoin-2015': chainAlone(
    'bitcoin-2015',
    'bitcoin',
    'Bitcoin in 2015: 6,000 nodes, 16 miners, announced blocks (Gervais et al.)',
    500,
    {
      consensus: {
        kind: 'nakamoto',
        parameters: {
          targetIntervalMs: target,
          retarget: 'none',
          blockBytes: sourced(535_000, 'bytes', `${simBlock}: mean block of the time`),
          relay: {
            mode: 'inv',
            transfer: sourced('pipelined', '', `${gervais}: the simulator's bitcoin-node.cc`),
            checkMsPerMegabyte: check2015,
          },
        },
      },
      validators: miners2016,
      relays: nodesOf(sourced(5_983, 'nodes', `${gervais}: 6,000 nodes with miners, observer`)),
      network: {
        latency: six('2015'),
        topology: { kind: 'degrees', histogram: 'gervais2016' },
        bandwidth: measuredTails,
        producers: wellConnected,
        observers: vantagePoint,
      },
    },
  ),
  'bitcoin-2019': chainAlone('bitcoin-2019', 'bitcoin', 'Bitcoin in 2019: compact blocks', 500, {
    consensus: {
      kind: 'nakamoto',
      parameters: {
        targetIntervalMs: target,
        retarget: 'none',
        blockBytes: assumed(1_000_000, 'bytes', 'blocks of 2019 had about a megabyte'),
        relay: { mode: 'compact', checkMsPerMegabyte: check2015 },
      },
    },
    validators: miners2016,
    relays: nodesOf(sourced(7_966, 'nodes', 'JABS: 7,983 nodes with miners and observer')),
    network: {
      latency: six('2019'),
      topology: { kind: 'bitcoin' },
      bandwidth: yearly('2019'),
      producers: wellConnected,
    },
  }),
  'bitcoin-2025': chainAlone(
    'bitcoin-2025',
    'bitcoin',
    'Bitcoin in 2025: compact blocks pushed unchecked, pools of 2025, two thirds behind Tor',
    144,
    {
      consensus: {
        kind: 'nakamoto',
        parameters: {
          targetIntervalMs: target,
          retarget: 'none',
          blockBytes: assumed(1_600_000, 'bytes', 'blocks of 2025 had some 1.6 MB'),
          relay: {
            mode: 'compact',
            checkMsPerMegabyte: assumed(
              100,
              'ms per 10⁶ bytes',
              'signatures are checked ahead of blocks and cached',
            ),
            tor: {},
          },
        },
      },
      validators: miners2025,
      relays: nodesOf(assumed(7_990, 'nodes', 'of some 21,500 reachable nodes')),
      network: {
        latency: six('2019'),
        topology: { kind: 'bitcoin' },
        bandwidth: yearly('2019'),
        producers: wellConnected,
      },
    },
  ),
  ...otherWorkPresets,
} satisfies Record<string, ScenarioInput>
