import { TempoError, type TempoRules } from './forks.ts'

type Nonce = 'protocol' | 'existing-key' | 'new-key' | 'expiring'
type Signature = 'secp256k1' | 'p256'

/** What decides the gas of one TIP-20 transfer. */
export type TempoTransfer = {
  /** The receiver has no balance of this token yet. */
  newBalance?: boolean | undefined
  /** The token has a TIP-403 policy of its own. */
  customPolicy?: boolean | undefined
  virtualAddress?: boolean | undefined
  nonce?: Nonce | undefined
  signature?: Signature | undefined
  /** Signed by an access key. */
  keychain?: boolean | undefined
  /** Storage credits that the payer can spend, before this transfer. */
  credits?: number | undefined
}

/** An expiring nonce: two slots are read and three written (handler.rs, EXPIRING_NONCE_GAS). */
const nonceGas = { protocol: 0, 'existing-key': 5_200, 'new-key': 22_300, expiring: 13_000 }

/** Gas of a new slot, and the part of it that a credit pays (TIP-1000; T7). */
export const stateCreationGas = 250_000
export const storageCreditGas = 245_000

/**
 * Gas of what is done to a channel of the reserve, to a payee that has a balance.
 *
 * Source: tempoxyz/tempo d656ef5, the T7 snapshot of tip20_channel_reserve.
 */
export const tempoChannelGas = { open: 298_825, topUp: 47_005, settle: 301_831, close: 80_913 }

/** Gas of a transfer to a receiver with a balance, by a secp256k1 signature and protocol nonce. */
export function plainTransferGas(customPolicy: boolean, virtualAddress: boolean): number {
  if (virtualAddress) return customPolicy ? 50_066 : 43_666
  return customPolicy ? 46_246 : 39_858
}

/** What a transaction costs more than with a secp256k1 signature, protocol nonce and own key. */
export function tempoEnvelopeGas(nonce: Nonce, signature: Signature, keychain: boolean): number {
  return nonceGas[nonce] + (signature === 'p256' ? 5_000 : 0) + (keychain ? 3_000 : 0)
}

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
  const { customPolicy = false, virtualAddress = false, keychain = false } = transfer
  const { nonce = 'protocol', signature = 'secp256k1', credits = 0 } = transfer
  if (!Number.isSafeInteger(credits) || credits < 0) {
    throw new TempoError('storage credits', 'a count', credits)
  }
  const gas =
    plainTransferGas(customPolicy, virtualAddress) + tempoEnvelopeGas(nonce, signature, keychain)
  if (!transfer.newBalance) return { gas, creditsSpent: 0 }
  const creditsSpent = rules.storageCredits && credits > 0 ? 1 : 0
  return { gas: gas + stateCreationGas - creditsSpent * storageCreditGas, creditsSpent }
}
