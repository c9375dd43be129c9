import { tempoForks } from '@counterpoise/ledger'
import * as z from 'zod'
import { maxima } from './maxima.ts'
import {
  atLeastZero,
  count,
  delayMs,
  dollars,
  duration,
  probability,
  span,
  weight,
} from './primitives.ts'
import { validatorChanges } from './validatorChanges.ts'

const gas = count.max(maxima.units)
const token = z.string().min(1).max(50)
const share = probability.default(0)

/** Execution by Tempo's rules: lanes, fees in stablecoins, nonces of several kinds. */
export const tempoExecution = z.strictObject({
  kind: z.literal('tempo'),
  fork: z
    .enum(tempoForks)
    .default('T8')
    .describe('Whose fixed or moving base fee, storage credits and nonce windows hold.'),
  generalGas: gas.default(30_000_000).describe('Cap of the general lane of a block.'),
  transactionGas: gas.default(30_000_000).describe('Cap of a transaction.'),
  gasLimit: gas.default(300_000).describe('What a payment signs for at least.'),
  build: z
    .strictObject({
      budget: span
        .default(500_000)
        .describe('From the start of a leader until its block has to be checked by others.'),
      multiplier: z
        .number()
        .min(1)
        .max(100)
        .default(1.35)
        .describe('What building takes on top of executing; Tempo learns 1.35 to 1.7.'),
      gasPerSecond: atLeastZero
        .max(maxima.units)
        .default(1_250_000_000)
        .describe('Speed of the builder, as Tempo measured in May 2026; 0: takes no time.'),
      persistNsPerByte: atLeastZero
        .max(1e9)
        .default(7.6)
        .describe('Writing down a block; 125 MiB/s, the baseline of gp3 volumes of Amazon EBS.'),
    })
    .prefault({}),
  tokens: z
    .array(z.strictObject({ name: token, share: weight.default(1), quote: token.optional() }))
    .min(1)
    .max(100)
    .default([{ name: 'pathUSD', share: 1 }])
    .describe('Stablecoins and how many accounts pay with each; the first is what producers take.'),
  pools: z
    .array(z.strictObject({ from: token, to: token, liquidityUsd: dollars }))
    .max(maxima.entries)
    .default([])
    .describe('Liquidity of the Fee AMM from the token of a payer to that of a producer.'),
  validatorTokens: z
    .record(z.string(), token)
    .default({})
    .describe('By the name of a validator: the token that it takes fees in.'),
  rebalancing: z
    .strictObject({
      aboveUsd: dollars
        .default(maxima.usd)
        .describe('So much in a pool is bought out of it at once, at the fixed price.'),
      gas: gas.default(150_000).describe('Of the general lane, for one such purchase.'),
    })
    .prefault({}),
  holdings: z
    .enum(['own', 'all'])
    .default('all')
    .describe('Tokens that accounts hold at first; the first receipt of another one costs a slot.'),
  nonces: z
    .strictObject({
      protocol: weight.default(1),
      key: weight.default(0),
      expiring: weight.default(0),
      keys: count.max(100_000).default(100).describe('Keys of an account.'),
      validFor: span.default(10_000_000).describe('Of expiring nonces, whole seconds.'),
    })
    .refine(({ protocol, key, expiring }) => protocol + key + expiring > 0, {
      message: 'at least one kind of nonce with a weight above 0',
    })
    .prefault({})
    .describe('How transactions are ordered, by weights of the kinds.'),
  policies: z
    .array(
      z.strictObject({
        token: token.describe('The TIP-20 token that it is for.'),
        admin: z.string().min(1).max(200).optional().describe('Who changes its list.'),
        kind: z.enum(['allow all', 'reject all', 'whitelist', 'blacklist']),
        checks: z.enum(['both', 'senders', 'recipients']).default('both'),
        listed: share.describe('Of the accounts: on its list at first.'),
        updates: z
          .array(
            z.strictObject({
              at: duration,
              what: z.enum(['add', 'remove']),
              share: probability.describe('Of the accounts; smaller ones are parts of larger.'),
            }),
          )
          .max(maxima.entries)
          .default([]),
      }),
    )
    .max(100)
    .default([])
    .describe('TIP-403: who may send and receive a token. Who may not pays the fee all the same.'),
  policyGas: gas
    .default(271_000)
    .describe('Of the general lane, to change the place of one account: a slot and a signature.'),
  validatorChanges,
  validatorGas: gas
    .default(1_521_000)
    .describe('Of the general lane, for a change: six slots and a signature; assumed.'),
  shares: z
    .strictObject({
      virtualAddress: share.describe('Of payments: to a virtual address.'),
      keychain: share.describe('Signed by an access key.'),
      p256: share.describe('Signed by P-256.'),
      general: share.describe('By a contract, in the general lane.'),
      sponsored: share.describe('Whose fee the payee pays, as the sponsor of the transaction.'),
    })
    .prefault({}),
  batches: z
    .strictObject({
      share: share.describe('Of the accounts: they send several payments in one transaction.'),
      window: duration.default(1_000_000).describe('How long they gather payments.'),
      callsMax: count.max(1_000).default(20),
      bytesPerCall: count.max(maxima.bytes).default(100),
    })
    .prefault({}),
  charges: z
    .strictObject({
      share: share.describe('Of payments: for one request each (MPP).'),
      challengeMs: delayMs.default({ kind: 'constant', value: 50 }),
    })
    .prefault({}),
  sessions: z
    .strictObject({
      share: share.describe('Of pairs of accounts: they pay by vouchers on a channel (MPP).'),
      depositUsd: dollars.default(10).describe('Into a channel, new or used up; assumed.'),
      voucherMs: delayMs.default({ kind: 'constant', value: 50 }),
      settleEvery: span
        .optional()
        .describe('How long after a payment its payee settles; else at the end alone.'),
      closeAfter: span.default(60_000_000).describe('Without a payment; assumed.'),
    })
    .prefault({}),
  generalCall: z
    .strictObject({ gas: gas.default(50_000), bytes: count.max(maxima.bytes).default(251) })
    .prefault({})
    .describe('A payment by a contract.'),
})

export type TempoExecutionConfig = z.output<typeof tempoExecution>
