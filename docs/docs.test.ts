import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const docs = import.meta.dirname
const root = dirname(docs)
/** Where a reader saves copies of examples. */
const examples = join(root, 'examples')

type Block = {
  page: string
  /** Where a reader saves it, unless it is a copy of an example. */
  folder: string
  line: number
  language: string
  file: string | undefined
  text: string
}

/** The fenced blocks of a page; a file after the language is what the block is a copy of. */
function blocksOf({ path: page, text, folder = root }: Page): Block[] {
  const fences = /^```(\S+)(?: (\S+))?\n([\s\S]*?)^```$/gm
  return [...text.matchAll(fences)].map(({ index, 1: language, 2: file, 3: code }) => {
    const line = text.slice(0, index).split('\n').length
    return { page, folder, line, language: language!, file, text: code! }
  })
}

type Page = { path: string; text: string; folder?: string }

const pages: Page[] = readdirSync(docs, { encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ path, text: readFileSync(join(docs, path), 'utf8') }))
/** A package's own page is for those who have the package, and those that it needs. */
const readmes = readdirSync(join(root, 'packages')).map((name): Page => {
  const [path, folder] = [`packages/${name}/README.md`, join(root, 'packages', name)]
  return { path, folder, text: readFileSync(join(root, path), 'utf8') }
})
const first: Page = { path: 'README.md', text: readFileSync(join(root, 'README.md'), 'utf8') }
const blocks = [first, ...pages, ...readmes].flatMap(blocksOf)

/** What the compiler has to say of code that stands beside the examples. */
function complaints(sources: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root)
  const checked = { ...options, composite: false, declaration: false, noEmit: true }
  const host = ts.createCompilerHost(checked)
  const { readFile, fileExists, getSourceFile } = host
  host.readFile = (path) => sources.get(path) ?? readFile(path)
  host.fileExists = (path) => sources.has(path) || fileExists(path)
  host.getSourceFile = (path, target, ...rest) => {
    const text = sources.get(path)
    if (text === undefined) return getSourceFile(path, target, ...rest)
    return ts.createSourceFile(path, text, target)
  }
  const program = ts.createProgram([...sources.keys()], checked, host)
  return [...sources.keys()].flatMap((path) => {
    const source = program.getSourceFile(path)!
    const syntax = program.getSyntacticDiagnostics(source)
    const found = [...syntax, ...program.getSemanticDiagnostics(source)]
    return found.map(({ messageText, start = 0 }) => {
      const line = source.getLineAndCharacterOfPosition(start).line + 1
      return `${path}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    })
  })
}

/** What code prints that stands in a folder; as a script of its own, without a file. */
async function printed({ text, folder }: Pick<Block, 'text' | 'folder'>): Promise<string> {
  const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext }
  const code = ts.transpile(text, options)
  const flags = ['--import', import.meta.resolve('tsx'), '--eval', code]
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: folder })
  return stdout
}

test('the pages have code to check', () => {
  expect(blocks.filter(({ file }) => file !== undefined).length).toBeGreaterThanOrEqual(3)
})

test.each(blocks.filter(({ file }) => file !== undefined))(
  '$page:$line is a copy of $file',
  ({ file, text }) => {
    expect(text).toBe(readFileSync(join(root, file!), 'utf8'))
  },
)

describe('code compiles and runs', () => {
  const loose = blocks.filter(({ language, file }) => language === 'ts' && file === undefined)
  const nameOf = ({ folder, line }: Block): string => join(folder, `script${line}.ts`)

  test('every ts block on its own', () => {
    const pagesWithCode = loose.map(({ page }) => page)
    for (const page of ['README.md', 'processes.md', 'packages/consensus-simplex/README.md']) {
      expect(pagesWithCode).toContain(page)
    }
    const sources = new Map(loose.map((block) => [nameOf(block), block.text]))
    expect(sources.size).toBe(loose.length)
    expect(complaints(sources)).toEqual([])
  })

  // Blocks that are copies of examples are run by the tests of the examples.
  test.each(loose)('$page:$line runs where a reader saves it, and prints', async (block) => {
    const text = await printed(block)
    expect(text).not.toBe('')
    // Its page says so.
    if (block.page === 'processes.md') expect(text).toBe('audited after 8 s\n')
  })

  test('behavior: a block that does not', () => {
    const wrong = `import { ms } from '@counterpoise/engine'\nexport const text: string = ms(5)\n`
    const found = complaints(new Map([[join(examples, 'wrong.ts'), wrong]]))
    expect(found).toEqual([expect.stringContaining("wrong.ts:2: Type 'number' is not assignable")])
  })
})

test('errors point to pages and headings that exist', () => {
  const anchors = new Set(
    pages.flatMap(({ path, text }) =>
      [...text.matchAll(/^#+ (.+)$/gm)].flatMap(([, heading]) => [
        path,
        `${path}#${heading!.toLowerCase().replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-')}`,
      ]),
    ),
  )
  const folder = join(root, 'packages')
  const targets = readdirSync(folder)
    .map((name) => join(folder, name, 'src'))
    .filter((source) => existsSync(source))
    .flatMap((source) =>
      readdirSync(source, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
        .map((path) => readFileSync(join(source, path), 'utf8')),
    )
    .flatMap((text) => [...text.matchAll(/docsPath: '([^']+)'/g)])
    .map(([, target]) => target!)
  expect(targets).toContain('architecture.md#time')
  expect(targets.filter((target) => !anchors.has(target))).toEqual([])
})

test('links between pages lead somewhere', () => {
  const broken = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)]
      .map(([, target]) => join(dirname(path), target!))
      .filter((target) => !existsSync(join(docs, target))),
  )
  expect(broken).toEqual([])
})
