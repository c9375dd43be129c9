import { TempoError, type TempoRules } from './forks.ts'

/** What decides the gas of one TIP-20 transfer. */
export type TempoTransfer = {
  /** The receiver has no balance of this token yet. */
  newBalance?: boolean | undefined
  /** The token has a TIP-403 policy of its own. */
  customPolicy?: boolean | undefined
  virtualAddress?: boolean | undefined
  nonce?: 'protocol' | 'existing-key' | 'new-key' | 'expiring' | undefined
  signature?: 'secp256k1' | 'p256' | undefined
  /** Signed by an access key. */
  keychain?: boolean | undefined
  /** Storage credits that the payer can spend, before this transfer. */
  credits?: number | undefined
}

/** Of two slots that are read and three that are written (handler.rs, EXPIRING_NONCE_GAS). */
const expiringNonceGas = 13_000

/** Gas of a new slot, and the part of it that a credit pays (TIP-1000; T7). */
export const stateCreationGas = 250_000
export const storageCreditGas = 245_000

/**
 * Gas of what is done to a channel of the reserve, to a payee that has a balance.
 *
 * Source: tempoxyz/tempo d656ef5, the T7 snapshot of tip20_channel_reserve.
 */
export const tempoChannelGas = { open: 298_825, topUp: 47_005, settle: 301_831, close: 80_913 }

/**
 * Gas of a transfer and the credits it spends: the T8 snapshot of tempoxyz/tempo d656ef5 (the
 * lower of two figures with a policy), TIP-0001 for signatures, T2 figures for nonce keys.
 *
 * @throws TempoError where credits are no count.
 */
export function tempoTransferGas(
  rules: TempoRules,
  transfer: TempoTransfer = {},
): { gas: number; creditsSpent: number } {
  const { nonce = 'protocol', signature = 'secp256k1', credits = 0 } = transfer
  if (!Number.isSafeInteger(credits) || credits < 0) {
    throw new TempoError('storage credits', 'a count', credits)
  }
  let gas = transfer.customPolicy ? 46_246 : 39_858
  if (transfer.virtualAddress) gas = transfer.customPolicy ? 50_066 : 43_666
  if (nonce === 'existing-key') gas += 5_200
  if (nonce === 'new-key') gas += 22_300
  if (nonce === 'expiring') gas += expiringNonceGas
  if (signature === 'p256') gas += 5_000
  if (transfer.keychain) gas += 3_000
  if (!transfer.newBalance) return { gas, creditsSpent: 0 }
  const creditsSpent = rules.storageCredits && credits > 0 ? 1 : 0
  return { gas: gas + stateCreationGas - creditsSpent * storageCreditGas, creditsSpent }
}
