/** Money as an integer number of millionths of a US dollar; exact up to 9 billion dollars. */
export type MicroUsd = number

/** Dollars as integer money, rounded to the millionth. */
export const usd = (dollars: number): MicroUsd => Math.round(dollars * 1_000_000)

/** Integer money as dollars, for figures and tables. */
export const toUsd = (money: MicroUsd): number => money / 1_000_000
