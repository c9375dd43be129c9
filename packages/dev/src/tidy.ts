/** A file of the repository with its text. */
export type TextFile = {
  path: string
  text: string
}

/** What may stand at the top of the repository. */
export const topLevel: ReadonlySet<string> = new Set([
  ...['packages', 'examples', 'docs'],
  ...['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', '.npmrc'],
  ...['tsconfig.base.json', 'tsconfig.json', 'vitest.config.ts', '.oxlintrc.json'],
  ...['README.md', 'CHANGELOG.md', 'LICENSE'],
  ...['.gitignore', '.ci', '.github'],
])

/** The entries at the top that are not on the list. */
export const strayEntries = (paths: readonly string[]): string[] => {
  const entries = new Set(paths.map((path) => path.split('/')[0] ?? path))
  return [...entries].filter((entry) => !topLevel.has(entry))
}

/** The files with more lines than fit in a head. */
export const longFiles = (files: readonly TextFile[], linesMax: number): string[] =>
  files.flatMap(({ path, text }) => {
    const count = lineCount(text)
    return count > linesMax ? [`${path}: ${count} lines`] : []
  })

/** The lines with more columns than fit on a page. */
export const wideLines = (files: readonly TextFile[], columnsMax: number): string[] =>
  files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const columns = [...line].length
      return columns > columnsMax ? [`${path}:${index + 1}: ${columns} columns`] : []
    }),
  )

/** The packages without a README.md, or with one that says too little or too much. */
export const wrongReadmes = (
  folders: readonly string[],
  readmes: readonly TextFile[],
  lines: { min: number; max: number },
): string[] =>
  folders.flatMap((folder) => {
    const readme = readmes.find(({ path }) => path === `${folder}/README.md`)
    if (readme === undefined) return [`${folder}/README.md is missing`]
    const count = lineCount(readme.text)
    return count < lines.min || count > lines.max ? [`${readme.path}: ${count} lines`] : []
  })

/** A newline ends a line; it does not begin another. */
const lineCount = (text: string): number => text.replace(/\n$/, '').split('\n').length
