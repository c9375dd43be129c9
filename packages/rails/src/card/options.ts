import type { Time } from '@counterpoise/engine'
import type { Book, Payments } from '@counterpoise/ledger'
import { CardRailError } from './errors.ts'
import type { DataCentre } from './networkSwitch.ts'
import type { CardParameters } from './parameters.ts'
import type { CardParty } from './parties.ts'

/** A bank that issues cards to payers. */
export type Issuer = CardParty & {
  /** Its share of the accounts, in any unit; 1 without a value. */
  share?: number | undefined
}

/** A bank or processor that takes card payments for merchants. */
export type Acquirer = CardParty & {
  /** Its share of the accounts, in any unit; 1 without a value. */
  share?: number | undefined
  /** The data centre that it prefers, from 0 (which it is without a value). */
  home?: number | undefined
}

export type CardRailOptions = {
  name: string
  /** The rail's number in the payments' columns. */
  number: number
  payments: Payments
  book: Book
  /** How many accounts there are; each has an issuer (as payer) and an acquirer (as payee). */
  accounts: number
  /** The instant of virtual time 0, µs since 1970-01-01T00:00Z; see `parseInstant`. */
  startsAt: Time
  /** In the order in which traffic falls back on them. */
  dataCentres: readonly DataCentre[]
  acquirers: readonly Acquirer[]
  issuers: readonly Issuer[]
  /** The electrical power of the whole rail, W. */
  watts: number
  /** Differences from `cardDefaults`. */
  parameters?: Partial<CardParameters> | undefined
}

/** @throws CardRailError where no card network can be built from the options. */
export function checkOptions(options: CardRailOptions): void {
  const { dataCentres, acquirers, issuers } = options
  const expect = (holds: boolean, expected: string): void => {
    if (!holds) throw new CardRailError(`The card network '${options.name}' expects ${expected}.`)
  }
  expect(dataCentres.length > 0, 'a data centre')
  expect(acquirers.length > 0, 'an acquirer')
  expect(issuers.length > 0, 'an issuer')
  expect(
    dataCentres.every(({ capacity }) => capacity > 0 && Number.isFinite(capacity)),
    'data centres with a capacity above 0',
  )
  expect(
    acquirers.every(({ home = 0 }) => dataCentres[home] !== undefined),
    "acquirers whose 'home' is one of its data centres",
  )
  expect(Number.isSafeInteger(options.startsAt), 'a whole number of µs to start at')
}
