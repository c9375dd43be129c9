/** Fails with the advice and every offender, so that one run shows all there is to mend. */
export const expectNone = (offenders: readonly string[], advice: string): void => {
  if (offenders.length > 0) throw new Error([advice, ...offenders].join('\n  '))
}
