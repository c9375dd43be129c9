/**
 * The elementary functions of the models.
 *
 * `Math.exp`, `log`, `pow`, `sin` and `cos` may differ in the last bit from one JavaScript engine
 * (or version) to the next, which would change a run's digest. These are ports of FDLIBM that use
 * nothing but `+ − × ÷`, comparisons and bits, and so agree everywhere.
 */
export { default as cos } from '@stdlib/math-base-special-cos'
export { default as pow } from '@stdlib/math-base-special-pow'
export { default as sin } from '@stdlib/math-base-special-sin'
export { exp } from './exponentialFunction.ts'
export { log } from './logarithm.ts'
