import { energyFigures, wattsOfAnnualWattHours } from '@counterpoise/economy'
import { ethereumRail } from './ethereum.ts'
import { assumed, clientDelayMs, sourced } from './notes.ts'

/** What Ethereum's blocks held, asked and drew in the months before the Merge. */
export const ethereumOf2022 = {
  description: 'Proof of work: a block every 13.3 s, uncles, EIP-1559; no finality but depth',
  access: {
    nodes: assumed(
      [{ name: 'observer', region: 'europe', operator: 'observer' }],
      '',
      'a node to look at the chain from, and to pay by',
    ),
    clientDelayMs,
    gossipDelayMs: ethereumRail.access.gossipDelayMs,
    confirmations: assumed(20, 'blocks', 'what exchanges asked for, between 12 and 35'),
    typicalInterval: sourced('13300ms', '', 'mean of 2021, before the bomb'),
    typicalFinality: assumed('266s', '', '20 blocks of 13.3 s'),
  },
  block: {
    unitsLimit: sourced(30_000_000, 'gas', 'EIP-1559: twice the target; from 2021 to Feb 2025'),
    unitsPerPayment: ethereumRail.block.unitsPerPayment,
    transferUnits: ethereumRail.block.transferUnits,
    bytesLimit: assumed(1_000_000, 'bytes', 'no limit but gas: 30 M at 16 a byte, and a half'),
    bytesPerPayment: ethereumRail.block.bytesPerPayment,
    otherTraffic: {
      unitsPerBlock: sourced(15_000_000, 'gas', 'EIP-1559 holds blocks at their target'),
      givesWay: assumed(true, '', 'others do not outbid payments when blocks get full'),
      priceLimit: assumed(20_000_000_000, 'wei/gas', 'others wait while a burst makes it dear'),
    },
  },
  mempool: ethereumRail.mempool,
  baseFee: {
    kind: 'eip1559',
    initial: assumed(15_000_000_000, 'wei/gas', 'some 15 gwei in summer 2022; no source'),
    gasTarget: sourced(15_000_000, 'gas', 'EIP-1559: half of the gas limit'),
  },
  usdPerNativeUnit: assumed(1.5e-15, 'USD per wei', 'some 1,500 dollars an ether in 2022'),
  wallet: {
    strategy: 'base fee',
    headroom: ethereumRail.wallet.headroom,
    tip: assumed(
      { kind: 'lognormal', median: 1_500_000_000, sigma: 0.5 },
      'wei/gas',
      'wallets offered 1 to 2 gwei; no source',
    ),
    budgetUsd: assumed(
      { median: 6, sigma: 1 },
      'USD, lognormal',
      'more than today, as a payment cost more; no source',
    ),
  },
  watts: sourced(
    Math.round(wattsOfAnnualWattHours(energyFigures.ethereumProofOfWork.value)),
    'W',
    energyFigures.ethereumProofOfWork.source,
  ),
}
