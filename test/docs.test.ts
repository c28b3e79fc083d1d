import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { exitMeanings } from '../src/exit-codes.js'
import * as library from '../src/index.js'
import { has } from './helpers/needs.js'
import { flagsBin } from './helpers/run-flags.js'
import { runMain } from './helpers/run-main.js'
import { tempFolder } from './helpers/temp-folder.js'
import { replay } from './helpers/transcript.js'

const pages = readdirSync('docs')
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)
const texts = new Map(
  ['README.md', 'CONTRIBUTING.md', ...pages].map((page) => [page, readFileSync(page, 'utf8')]),
)
const readme = texts.get('README.md') ?? ''

/** The values and the types that the library exports. */
const exportedNames = [...readFileSync('src/index.ts', 'utf8').matchAll(/\{([^}]*)\}/g)].flatMap(
  ([, list = '']) => list.match(/\w+(?=,|\s*$)/g) ?? [],
)

/** Every block of a language, with the page that has it. */
function blocksOf(language: string): [page: string, block: string][] {
  const pattern = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm')
  return [...texts].flatMap(([page, text]) =>
    [...text.matchAll(pattern)].map(([, block = '']): [string, string] => [page, block]),
  )
}

describe('the README', () => {
  const helps = [...readme.matchAll(/<!-- flags (.*) -->\n```text\n([\s\S]*?)```/g)]

  test('has a folded block of help', () => {
    expect(helps.map(([, args]) => args)).toContain('download --help')
  })

  test.each(helps.map(([, args = '', text = '']) => [args, text]))(
    'shows what flags %s prints',
    async (args, text) => {
      expect((await runMain(args.split(' '))).stdout).toBe(text)
    },
  )

  test('lists every exit status', () => {
    const rows = [...readme.matchAll(/^\| (\d[\d, ]*) \| (.*) \|$/gm)]
    expect(rows.map(([, codes, meaning]) => [codes, meaning])).toEqual(exitMeanings)
  })

  test.runIf(has('jq'))('has a line for CI that fails where a flag or the run does', async () => {
    const line = /^npx --no -- flag-downloader .*$/m.exec(readme)?.[0]
    const cwd = await tempFolder()
    const statusWith = (program: string) => {
      // Instead of npx, which takes a second to start.
      const script = `npx() { shift 3; ${program} "$@"; }; ${line}`
      return spawnSync('sh', ['-c', script], { cwd }).status
    }
    expect(statusWith(flagsBin)).toBe(0)
    expect(statusWith(`${flagsBin} download QQ --json; :`)).toBe(1)
    expect(statusWith('false')).toBe(1)
  })
})

const transcripts = blocksOf('console').map(([page, block]) => [page, firstLine(block), block])

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}

test.each(transcripts)('%s shows what these commands print: %s', async (_page, start, block) => {
  expect(start).toMatch(/^\$ /)
  expect(comparable(await replay(block, await tempFolder()))).toBe(comparable(block))
})

/** Measured numbers are never the same, and flags that end together may do so in either order. */
function comparable(transcript: string): string {
  const lines = transcript
    .replace(/\d+(\.\d+)(?=s|x|ms|\s)|\d+(?=%)/g, '0')
    .replace(/--concurrency \d+(?= against)/g, '--concurrency N')
    .replace(/█+/g, '█')
    .replace(/ +/g, ' ')
    .split('\n')
  const isPath = (line: string) => /^\w+\/[\w.-]+$/.test(line)
  const paths = lines.filter(isPath).sort()
  return lines.map((line) => (isPath(line) ? paths.shift() : line)).join('\n')
}

describe('the examples', () => {
  const examples = new Map(
    [...blocksOf('ts'), ...docstringExamples()].map(([page, code], index) => [
      `${page.replace(/\W/g, '-')}-${index}`,
      code,
    ]),
  )

  test('compile, and print what they show', async () => {
    const folder = await tempFolder()
    await mkdir(join(folder, 'node_modules'))
    await symlink(process.cwd(), join(folder, 'node_modules', 'flag-downloader'))
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
    for (const [name, code] of examples) await writeFile(join(folder, `${name}.ts`), code)
    const tsc = [
      ...['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'],
      // The declarations of Node.js take three times as long as the examples.
      ...['--typeRoots', resolve('node_modules/@types'), '--skipLibCheck'],
      ...[...examples.keys()].map((name) => `${name}.ts`),
    ]
    const options = { cwd: folder, encoding: 'utf8' } as const
    expect(spawnSync(resolve('node_modules/.bin/tsc'), tsc, options).stdout).toBe('')

    // One after the other, in one process.
    const program = [...examples.keys()].map(
      (name) => `console.log('## ${name}'); await import('./${name}.js')`,
    )
    const args = ['--input-type=module', '--eval', program.join('\n')]
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder })
    const printed = new Map(stdout.split('## ').map((part) => [firstLine(part), part]))
    for (const [name, code] of examples) {
      const shown = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line)
      const lines = printed.get(name)?.split('\n').slice(1, -1)
      if (shown.length > 0) expect(lines, name).toEqual(shown)
    }
  })

  test('use every export of the library', () => {
    const shown = blocksOf('ts').flatMap(([from, code]) =>
      from.endsWith('library.md') ? code : [],
    )
    for (const name of exportedNames) expect(shown.join('\n')).toMatch(new RegExp(`\\b${name}\\b`))
  })
})

test('every export has a docstring with an example, and each function has one with its parameters', () => {
  const sources = sourceFiles().map((file) => readFileSync(file, 'utf8'))
  expect(exportedNames).toEqual(expect.arrayContaining(Object.keys(library)))
  for (const name of exportedNames) {
    const declaration = `\\/\\*\\*((?:(?!\\*\\/)[^])*)\\*\\/\\nexport (async function\\*|function|class|const|interface|type) ${name}\\b`
    const [, docstring, kind] = new RegExp(declaration).exec(sources.join('\n')) ?? []
    expect(docstring, name).toContain('@example')
    if (kind?.includes('function')) expect(docstring, name).toContain('@param')
  }
})

test.each([
  ['SettingsOptions', 'src/download/settings.ts'],
  ['SelectionRequest', 'src/selection/select-codes.ts'],
])('every option of %s has a default in its docstring', (name, file) => {
  const declaration = new RegExp(`interface ${name} \\{\\n([^]*?)\\n\\}`)
  const options = declaration.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
  const names = options.match(/^ {2}readonly \w+\?/gm) ?? []
  expect(names.length).toBeGreaterThan(5)
  expect(options.match(/@default \S/g)).toHaveLength(names.length)
})

function sourceFiles(): string[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.ts')).map((file) => join('src', file))
}

/** The examples in the docstrings of exported code. */
function docstringExamples(): [file: string, code: string][] {
  return sourceFiles().flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/@example\n(( \*(?!\/).*\n)+)/g)].map(
      ([, lines = '']) => [file, lines.replace(/^ \* ?/gm, '')],
    ),
  )
}

test('the files that the documentation names exist', () => {
  const paths = [...texts.values()].flatMap((text) =>
    [...text.matchAll(/`((?:src|test|scripts|bench)\/[\w./-]+)`/g)].map(([, path = '']) => path),
  )
  expect(paths).toContain('src/download/download-flag.ts')
  for (const path of paths) expect(existsSync(path), path).toBe(true)
})

test('the architecture page has a row for each layer', () => {
  const page = texts.get('docs/architecture.md') ?? ''
  const rows = [...page.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, names = '']) => names.split(', '))
  const rooms = readdirSync('src', { withFileTypes: true })
    .filter(({ name }) => name !== 'countries-data.ts')
    .map((entry) => (entry.isDirectory() ? `\`${entry.name}/\`` : `\`${entry.name}\``))
  expect(rows.sort()).toEqual(rooms.sort())
})
