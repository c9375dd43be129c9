import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Measured, pageOf } from './page.ts'
import { type Validation, verdictOf } from './validation.ts'

/** The validations that there are: each file of `models` holds one. */
const folder = fileURLToPath(new URL('models', import.meta.url))
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length))

async function measure({ sections }: Validation): Promise<Measured[]> {
  const done: Measured[] = []
  for (const { title, note, rows } of sections) {
    console.log(title)
    const measured = await rows()
    for (const row of measured) {
      const { quantity, expected, simulated } = row
      console.log(`  ${verdictOf(row).padEnd(8)} ${quantity}: ${simulated} for ${expected}`)
    }
    done.push({ title, note, measured })
  }
  return done
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !names.includes(name))
if (wanted.length === 0 || unknown.length > 0) {
  const what = unknown.length > 0 ? `There is no validation ${unknown.join(', ')}.\n` : ''
  console.error(`${what}Usage: npm run validate -- ${names.join(' | ')} …`)
  process.exitCode = 2
} else {
  for (const name of wanted) {
    const module = (await import(`./models/${name}.ts`)) as { default: Validation }
    const page = pageOf(module.default, await measure(module.default))
    writeFileSync(join(folder, '..', `${name}.md`), page)
    console.log(`Written: docs/validation/${name}.md`)
  }
}
