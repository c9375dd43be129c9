import { BaseError } from '@counterpoise/engine'

/** How the base fee of a block follows from its parent; EIP-1559 and its relatives. */
export type BaseFeeRule = {
  /** Base fee of the first block, in the chain's own unit per gas. */
  initial: number
  /** Gas of the parent at which the fee stays. */
  gasTarget: number
  /** The most that it falls per block is one part in this. */
  changeDenominator: number
  minimum: number
  maximum: number
}

/** A chain without a base fee, such as Bitcoin. */
export const noBaseFee: BaseFeeRule = {
  initial: 0,
  gasTarget: 1,
  changeDenominator: 8,
  minimum: 0,
  maximum: 0,
}

/**
 * Ethereum's rule (EIP-1559): the target is half of the gas limit, the denominator 8.
 *
 * @param initial base fee of the first block, wei per gas.
 */
export function ethereumBaseFee(initial: number, gasLimit: number): BaseFeeRule {
  return {
    initial,
    gasTarget: Math.floor(gasLimit / 2),
    changeDenominator: 8,
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  }
}

/**
 * The base fee of the child of a block, exact in integers:
 * f ± f · |gas − target| ÷ target ÷ denominator, at least + 1 when rising, then within the limits.
 * https://eips.ethereum.org/EIPS/eip-1559, with Tempo's limits (TIP-1067).
 *
 * @param baseFee of the parent, a safe integer.
 * @param gasUsed of the parent.
 */
export function nextBaseFee(rule: BaseFeeRule, baseFee: number, gasUsed: number): number {
  const { gasTarget, minimum, maximum } = rule
  if (!isCount(baseFee) || !isCount(gasUsed) || !isCount(gasTarget) || gasTarget === 0) {
    throw new BaseError('A base fee is computed from whole numbers only.', {
      metaMessages: [
        `Base fee:   ${baseFee}`,
        `Gas used:   ${gasUsed}`,
        `Gas target: ${gasTarget}`,
      ],
    })
  }
  let next = baseFee
  if (gasUsed > gasTarget) next = baseFee + Math.max(1, move(rule, baseFee, gasUsed - gasTarget))
  else if (gasUsed < gasTarget) next = baseFee - move(rule, baseFee, gasTarget - gasUsed)
  return Math.min(maximum, Math.max(minimum, next))
}

/** `baseFee` · `difference` ÷ target ÷ denominator, rounded down at each step. */
function move(rule: BaseFeeRule, baseFee: number, difference: number): number {
  const { gasTarget, changeDenominator } = rule
  const product = baseFee * difference
  if (product <= Number.MAX_SAFE_INTEGER) {
    return quotient(quotient(product, gasTarget), changeDenominator)
  }
  const exact = (BigInt(baseFee) * BigInt(difference)) / BigInt(gasTarget)
  return Number(exact / BigInt(changeDenominator))
}

/** Rounded down, for integers of at least 0. */
const quotient = (one: number, other: number): number => (one - (one % other)) / other

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0
