import ts from 'typescript'
import { globalUses, lineOf, nodesOf, parse } from './syntax.ts'

/**
 * Finds what could make a model's run differ between machines, Node versions or two runs of the
 * same seed. Each finding reads `path:line: what it is: what to use instead`.
 */
export const findNondeterminism = (path: string, text: string): string[] => {
  const source = parse(path, text)
  const findings = [...nodesOf(source)].flatMap((node) => finding(node) ?? [])
  const globals = globalUses(source, new Set(Object.keys(globalAdvice))).map((use) => ({
    node: use,
    what: use.text,
    instead: globalAdvice[use.text] ?? '',
  }))
  return [...findings, ...globals].map(
    ({ node, what, instead }) => `${path}:${lineOf(source, node)}: ${what}: ${instead}`,
  )
}

type Finding = {
  node: ts.Node
  what: string
  instead: string
}

const virtualTime = "read virtual time: the engine's clock or the context's now()"
const timers = 'schedule an event on the engine, or set a timer of the context'
const streams = 'draw from a named random stream of @counterpoise/engine'
const english = 'compare with < and >, format in plot or cli: locales differ between machines'
const portable = 'use exp, log, pow, sin and cos of @counterpoise/engine: engines round differently'

const powers = 'write the constant out, multiply, or use pow of @counterpoise/engine'

const globalAdvice: Record<string, string> = {
  Date: virtualTime,
  performance: virtualTime,
  setTimeout: timers,
  setInterval: timers,
  queueMicrotask: timers,
  crypto: streams,
  Intl: english,
}

const localeMethods = new Set([
  'localeCompare',
  'toLocaleString',
  'toLocaleDateString',
  'toLocaleTimeString',
  'toLocaleLowerCase',
  'toLocaleUpperCase',
])

/** What the language leaves open; `Math.sqrt` and the exact functions are not among them. */
const unevenMathematics = new Set([
  ...['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'pow', 'cbrt', 'hypot'],
  ...['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2'],
  ...['sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'],
])

const finding = (node: ts.Node): Finding | undefined => {
  if (ts.isPropertyAccessExpression(node)) return ofMember(node, node.expression, node.name.text)
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return ofMember(node, node.expression, node.argumentExpression.text)
  }
  if (ts.isBindingElement(node)) return ofDestructuring(node)
  if (ts.isBinaryExpression(node)) return ofPower(node)
  return undefined
}

const ofMember = (node: ts.Node, object: ts.Node, member: string): Finding | undefined => {
  if (localeMethods.has(member)) return { node, what: member, instead: english }
  return isMath(object) ? ofMathematics(node, member) : undefined
}

/** `const { exp } = Math` */
const ofDestructuring = (node: ts.BindingElement): Finding | undefined => {
  const declaration = node.parent.parent
  const from = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined
  if (from === undefined || !isMath(from)) return undefined
  return ofMathematics(node, (node.propertyName ?? node.name).getText())
}

const ofMathematics = (node: ts.Node, member: string): Finding | undefined => {
  if (member === 'random') return { node, what: 'Math.random', instead: streams }
  if (!unevenMathematics.has(member)) return undefined
  return { node, what: `Math.${member}`, instead: portable }
}

/** Powers of numbers may round differently; those of bigints (`10n ** decimals`) are exact. */
const ofPower = (node: ts.BinaryExpression): Finding | undefined => {
  const operator = node.operatorToken.kind
  const isPower =
    operator === ts.SyntaxKind.AsteriskAsteriskToken ||
    operator === ts.SyntaxKind.AsteriskAsteriskEqualsToken
  if (!isPower || ts.isBigIntLiteral(node.left) || ts.isBigIntLiteral(node.right)) return undefined
  return { node, what: 'the operator **', instead: powers }
}

const isMath = (node: ts.Node): boolean =>
  (ts.isIdentifier(node) && node.text === 'Math') ||
  (ts.isPropertyAccessExpression(node) && node.getText() === 'globalThis.Math')
