import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { completionScript, shells } from '../../../src/commands/completion/command.js'
import { describeProgram } from '../../../src/commands/completion/describe.js'
import { continents, isoCountries } from '../../../src/countries.js'
import { imageFormats } from '../../../src/images/format.js'
import { serverLabels } from '../../../src/sources/source.js'
import { type CompletingShell, startShell } from '../../helpers/complete.js'
import { has } from '../../helpers/needs.js'
import { runMain } from '../../helpers/run-main.js'

/** Every long and short name that a help text lists. */
function optionsIn(help: string): string[] {
  return [...help.matchAll(/^ {2}(-\S+?)(?:, (-\S+))?(?= |$)/gm)]
    .flatMap(([, first = '', second]) => (second ? [first, second] : [first]))
    .sort()
}

function commandsIn(help: string): string[] {
  const list = help.slice(help.indexOf('\nCommands:'))
  return [...list.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name = '']) => name).sort()
}

const codes = isoCountries.map(({ code }) => code)
const names = isoCountries.map(({ name }) => name)
const helpOf = async (...words: string[]) => (await runMain([...words, '--help'])).stdout

const testedShells = ['bash', 'zsh', 'fish'] as const

describe.each(testedShells.filter(has))('completion in %s', (name) => {
  let folder = ''
  let shell: CompletingShell
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flags-test-'))
    await writeFile(join(folder, 'a file'), '')
    await mkdir(join(folder, 'a folder'))
    shell = await start((await runMain(['completion', name])).stdout)
  })
  afterAll(async () => {
    shell.end()
    await rm(folder, { recursive: true })
  })

  async function start(script: string): Promise<CompletingShell> {
    const file = join(folder, '.script')
    await writeFile(file, script)
    return startShell[name](file, folder)
  }

  test.each<[string, readonly string[]]>([
    ['flags ser', ['serve', 'servers']],
    ['flag-downloader ser', ['serve', 'servers']],
    ['flag-downloader download --format ', imageFormats],
    ['flags servers se', []],
    ['flags download --ser', ['--server']],
    ['flags --ser', []],
    ['flags serve --ser', []],
    ['flags download --server ', serverLabels],
    ['flags download -s lo', ['local']],
    ['flags download --server LOC', name === 'zsh' ? [] : ['local']],
    ['flags download --concurrency ', ['auto']],
    ['flags download --max-concurrency ', []],
    ['flags download ', [...codes, ...names]],
    ['flags download --force BR q', ['QA', 'Qatar']],
    ['flags download "costa r', ['Costa Rica']],
    ['flags download --format ', imageFormats],
    ['flags download --width 1', ['160', '1280']],
    ['flags download --output a', ['a folder']],
    ['flags serve --root ', ['a folder']],
    ['flags download --from a', ['a file', 'a folder']],
    ['flags verify ', ['a folder']],
    ['flags demo s', ['spinner']],
    ['flags demo spinner s', []],
    ['flags demo --seconds 1 spinner s', []],
    ['flags list --region ', continents],
    ['flags list --region no', ['North America']],
    ['flags list --region Asia --region no', ['North America']],
    ['flags list --region=North\\ A', ['North America']],
    ['flags list --region "north a', ['North America']],
    ['flags list bra', ['Brazil']],
    ['flags completion ', shells],
    ['flags completion z', ['zsh']],
    ['flags help ser', ['serve', 'servers']],
    ['flags help serve s', []],
  ])('completes "%s" with %j', async (line, expected) => {
    expect([...(await shell.complete(line)).words].sort()).toEqual([...expected].sort())
  })

  test('offers the commands of the help', async () => {
    const commands = commandsIn(await helpOf())
    expect(commands).toContain('completion')
    expect([...(await shell.complete('flags ')).words].sort()).toEqual(commands)
  })

  test.each(['download', 'list', 'serve', 'verify', 'bench', 'demo'])(
    'offers the options of %s that its help lists',
    async (command) => {
      const options = optionsIn(await helpOf(command))
      expect(options).toContain('--help')
      const long = [...(await shell.complete(`flags ${command} --`)).words].sort()
      expect(long).toEqual(options.filter((option) => option.startsWith('--')))
    },
  )

  test('offers the options of commands within commands', async () => {
    const inner = new Command('inner').option('--within', "it's [within]: quoted")
    const outer = new Command('outer').option('--without', 'not').addCommand(inner)
    const program = describeProgram(new Command('flags').addCommand(outer))
    const other = await start(await completionScript(name, program))
    onTestFinished(() => other.end())
    const wordsOf = async (line: string) => (await other.complete(line)).words
    expect(await wordsOf('flags outer --with')).toEqual(['--without'])
    expect(await wordsOf('flags outer inn')).toEqual(['inner'])
    expect(await wordsOf('flags outer inner --with')).toEqual(['--within'])
  })

  // bash shows no descriptions.
  if (name === 'bash') return
  test('explains what it offers', async () => {
    expect((await shell.complete('flags download b')).screen).toMatch(/BR\W+Brazil/)
    expect((await shell.complete('flags ')).screen).toMatch(/serve\W+serve flags over HTTP/)
    expect((await shell.complete('flags download --server flagc')).screen).toContain('Flagpedia')
    expect((await shell.complete('flags serve --er')).screen).toContain("418 I'm a teapot")
  })
})

test('the script for PowerShell has the words of every command and option', async () => {
  const { stdout } = await runMain(['completion', 'powershell'])
  expect(stdout).toContain("'--format' = @('gif', 'png', 'svg', 'webp')")
  expect(stdout).toContain("'Brazil'")
  expect(stdout).toContain("'Côte d''Ivoire'")
  expect(stdout).toContain('Register-ArgumentCompleter -Native -CommandName flags')
})
