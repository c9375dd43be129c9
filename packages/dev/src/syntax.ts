import ts from 'typescript'

/** A syntax tree with parents, which the questions below are asked of. */
export const parse = (path: string, text: string): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)

/** Every node of a tree, parents first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node
  const children: ts.Node[] = []
  ts.forEachChild(node, (child) => {
    children.push(child)
  })
  for (const child of children) yield* nodesOf(child)
}

/** The line a node begins on, counted from 1. */
export const lineOf = (source: ts.SourceFile, node: ts.Node): number =>
  source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1

/**
 * The places where a file uses one of the given globals: as a free name (`process`) or through
 * `globalThis.process`. A name that the file declares anywhere counts as its own.
 */
export const globalUses = (source: ts.SourceFile, names: ReadonlySet<string>): ts.Identifier[] => {
  const found: ts.Identifier[] = []
  const own = new Set<string>()
  for (const node of nodesOf(source)) {
    if (!ts.isIdentifier(node) || !names.has(node.text)) continue
    if (isBinding(node)) own.add(node.text)
    else if (isReference(node) || isMemberOfGlobalThis(node)) found.push(node)
  }
  return found.filter(({ text }) => !own.has(text))
}

/** Whether an identifier brings a name into scope. */
const isBinding = (node: ts.Identifier): boolean => {
  const { parent } = node
  const binds =
    ts.isVariableDeclaration(parent) ||
    ts.isBindingElement(parent) ||
    ts.isParameter(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isFunctionExpression(parent) ||
    ts.isClassDeclaration(parent) ||
    ts.isTypeAliasDeclaration(parent) ||
    ts.isTypeParameterDeclaration(parent) ||
    ts.isImportClause(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isNamespaceImport(parent)
  return binds && parent.name === node
}

/** Whether an identifier stands for a value or a type, not for a member, a key or a label. */
const isReference = (node: ts.Identifier): boolean => {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isQualifiedName(parent)) return parent.left === node
  if (ts.isBindingElement(parent)) return parent.initializer === node
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false
  if (ts.isShorthandPropertyAssignment(parent)) return true
  return !('name' in parent && parent.name === node)
}

const isMemberOfGlobalThis = ({ parent }: ts.Identifier): boolean =>
  ts.isPropertyAccessExpression(parent) &&
  ts.isIdentifier(parent.expression) &&
  parent.expression.text === 'globalThis'
