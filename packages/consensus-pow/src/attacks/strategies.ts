import { actions, type Strategy } from './attack.ts'
import { honestRule, selfishRule } from './policyTable.ts'

/** Mines by the rules; what an attack is compared with. */
export const honestMining = (): Strategy => ({ name: 'honest', decide: honestRule })

/** Selfish mining as of Eyal and Sirer (SM1). */
export const selfishMining = (): Strategy => ({
  name: 'selfish',
  decide: selfishRule,
  begins: (own, others) => own > 0 && others > 0,
})

export type DoubleSpendOptions = {
  /** Blocks on the payment, its own included, that the merchant waits for; 1 or more. */
  confirmations: number
  /**
   * Blocks that the attacker has in hand, and nobody else, when it pays; 1 by default. With one
   * it wins by drawing level, as in the formulas; without one it has to overtake.
   */
  premined?: number | undefined
  /** Gives up when so many blocks behind; 40. The chance that it still would win is (q/p)^40. */
  giveUpDeficit?: number | undefined
}

/**
 * Pays a merchant in a block of the others and mines a branch in which the coins go elsewhere,
 * shown once the merchant has delivered and the branch is longer. Then it starts over.
 */
export function doubleSpending(options: DoubleSpendOptions): Strategy {
  const { confirmations, premined = 1, giveUpDeficit = 40 } = options
  return {
    name: 'double-spend',
    decide: (own, others) => {
      // The payment is not made before the blocks in hand are there.
      if (own < premined && others > 0 && own + others <= premined) return actions.adopt
      if (others >= confirmations && own > others) return actions.release
      return others - own >= giveUpDeficit ? actions.adopt : actions.wait
    },
    begins: (own, others) => own >= premined && others === 0,
  }
}

/** With more than half of the hash rate: mines on its own blocks only, and never gives up. */
export function majorityMining(): Strategy {
  return {
    name: 'majority',
    decide: (own, others) => (own > others ? actions.override : actions.wait),
    begins: (own, others) => own === 0 && others === 1,
  }
}

export type FeatherForkOptions = {
  /** Part of the others' blocks that hold a payment of the censored accounts, 0 … 1. */
  targetShare: number
  /** It gives in when so many blocks stand on the censored one; 1 or more, or Infinity. */
  giveUpConfirmations: number
}

/**
 * Feather forking: does not build on a block with a censored payment until that is deep enough,
 * and lets everybody know. With more than half of the hash rate and without giving up, it is
 * censorship by orphaning.
 *
 * @see A. Miller, Feather-forks: enforcing a blacklist with sub-50 % hash power, 2013.
 */
export function featherForking(options: FeatherForkOptions): Strategy {
  const { targetShare, giveUpConfirmations } = options
  return {
    name: 'feather-fork',
    targetShare,
    decide: (own, others, _fork, targeted) => {
      if (own > others) return actions.override
      if (!targeted) return others > 0 ? actions.adopt : actions.wait
      return others > giveUpConfirmations ? actions.adopt : actions.wait
    },
    begins: (_own, others, targeted) => targeted && others === 1,
  }
}
