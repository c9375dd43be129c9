import { BaseError } from '@counterpoise/engine'
import { type MicroUsd, toUsd } from './money.ts'

/** The accounts of one rail. Value is held, settled and released, never made or lost. */
export type Book = {
  balance: (account: number) => MicroUsd
  /** Moves money from an account into flight. False (and nothing moves) where it is lacking. */
  hold: (account: number, amount: MicroUsd) => boolean
  /** Moves money from flight back to an account. */
  release: (account: number, amount: MicroUsd) => void
  /** Moves money from flight to the payee and the rest of it to the collected fees. */
  settle: (to: number, amount: MicroUsd, fee: MicroUsd) => void
  inFlight: () => MicroUsd
  fees: () => MicroUsd
  /** Sum over all accounts + in flight + fees − what was opened: 0 unless the rail is broken. */
  discrepancy: () => MicroUsd
}

export type BookOptions = {
  accounts: number
  /** What each account holds at the beginning. */
  opening: MicroUsd
}

/** An operation that would make or lose money; a mistake of the rail, not of its user. */
export class BookError extends BaseError {
  override name = 'BookError' as const
}

/** Opens the accounts of a rail. */
export function createBook(options: BookOptions): Book {
  const { accounts, opening } = options
  const minted = accounts * opening
  if (!isAmount(opening)) throw notAnAmount(opening)
  if (!Number.isSafeInteger(minted)) {
    throw new BookError('The opening balances add up to more than can be counted exactly.', {
      metaMessages: [
        `Found: ${accounts} accounts with $${toUsd(opening)} each.`,
        'Expected: at most about 9 billion dollars in all.',
      ],
    })
  }
  const balances = new Float64Array(accounts).fill(opening)
  let inFlight = 0
  let fees = 0

  const check = (account: number, amount: MicroUsd): void => {
    if (!isAmount(amount)) throw notAnAmount(amount)
    if (balances[account] !== undefined) return
    throw new BookError('There is no such account.', {
      metaMessages: [`Found: ${account}`, `Expected: 0 … ${accounts - 1}`],
    })
  }

  const takeFromFlight = (amount: MicroUsd): void => {
    if (amount > inFlight) {
      throw new BookError('More money would leave the flight than is in it.', {
        metaMessages: [`Asked for: ${amount} µ$`, `In flight: ${inFlight} µ$`],
      })
    }
    inFlight -= amount
  }

  return {
    balance: (account) => balances[account]!,
    hold: (account, amount) => {
      check(account, amount)
      if (balances[account]! < amount) return false
      balances[account] = balances[account]! - amount
      inFlight += amount
      return true
    },
    release: (account, amount) => {
      check(account, amount)
      takeFromFlight(amount)
      balances[account] = balances[account]! + amount
    },
    settle: (to, amount, fee) => {
      check(to, amount)
      check(to, fee)
      takeFromFlight(amount + fee)
      balances[to] = balances[to]! + amount
      fees += fee
    },
    inFlight: () => inFlight,
    fees: () => fees,
    discrepancy: () => {
      // A loop: this sums up every account, and is asked for all through a run.
      let sum = inFlight + fees
      for (const balance of balances) sum += balance
      return sum - minted
    },
  }
}

const isAmount = (amount: MicroUsd): boolean => Number.isSafeInteger(amount) && amount >= 0

const notAnAmount = (found: MicroUsd): BookError =>
  new BookError('An amount must be a whole number of at least 0 µ$.', {
    metaMessages: [`Found: ${found}`],
  })
