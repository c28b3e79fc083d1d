import { describe, expect, test } from 'vitest'
import { continents } from '../../src/countries.js'
import { jsonLines } from '../helpers/run-flags.js'
import { runMain } from '../helpers/run-main.js'
import { tempFolder } from '../helpers/temp-folder.js'

describe('flags list', () => {
  test('prints the 249 codes of ISO 3166-1 with their countries, sorted', async () => {
    const { stdout, stderr, exitCode } = await runMain(['list'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(249)
    expect(lines).toContain('BR\tBrazil')
    expect(lines).toEqual([...lines].sort())
    for (const line of lines) expect(line).toMatch(/^[A-Z]{2}\t[^\t]+$/)
  })

  test('divides all countries among the continents', async () => {
    const lists = await Promise.all(
      continents.map((name) => runMain(['list', '--json', '--region', name])),
    )
    expect(lists.flatMap(({ stdout }) => jsonLines(stdout))).toHaveLength(249)
  })

  test('prints every code and name of a flag with --json', async () => {
    const { stdout } = await runMain(['list', '--json', '--region', 'Europe'])
    expect(jsonLines(stdout).find(({ code }) => code === 'DE')).toEqual({
      code: 'DE',
      alpha2: 'DE',
      alpha3: 'DEU',
      numeric: '276',
      name: 'Germany',
      continent: 'Europe',
      emoji: '\u{1f1e9}\u{1f1ea}',
    })
  })

  test.each([
    [['korea'], 'KP KR'],
    [['BRA'], 'BR CG GI'],
    [['276'], 'DE'],
    [['turkiye'], 'TR'],
    [['scotland', '--extra'], 'GB-SCT'],
    [['TUR', 'cz', '076', 'EU'], 'BR CZ EU TR'],
    [['--region', 'south AMERICA', 'gu'], 'GF GY PY UY'],
    [['--region=Antarctica', '--region', 'oceania', 'new'], 'NC NZ PG'],
    [['--exclude=KP', '--exclude', 'BR', 'korea'], 'KR'],
  ])('prints for %j the codes %s', async (args, codes) => {
    const { stdout } = await runMain(['list', ...args])
    expect(stdout.match(/^[A-Z-]+(?=\t)/gm)?.join(' ')).toBe(codes)
  })

  test('adds flags outside ISO 3166-1 with --extra', async () => {
    const { stdout } = await runMain(['list', '--extra', '--json'])
    const extra = jsonLines(stdout).filter(({ alpha3 }) => alpha3 === null)
    expect(extra.map(({ code }) => code)).toEqual(expect.arrayContaining(['EU', 'GB-SCT', 'XK']))
    expect(extra.find(({ code }) => code === 'GB-SCT')).toMatchObject({ emoji: null })
  })

  test.each([
    [['--region', 'Erope'], `invalid region 'Erope': give one of ${continents.join(', ')}`],
    [['--region', ''], `invalid region '': give one of ${continents.join(', ')}`],
    [['atlantis'], "no flag matches 'atlantis'"],
    [['CZ', 'atlantis'], "no flag matches 'CZ atlantis'"],
    [
      ['--region', 'Antarctica', '--exclude', 'AQ,BV,GS,HM'],
      'nothing selected: --exclude leaves no flag',
    ],
    [['--exclude', 'Brasil'], "--exclude: unknown country 'Brasil': did you mean BR (Brazil)?"],
    [['asia'], "no flag matches 'asia'; for the continent, use --region Asia"],
    [['gb-sct'], "no flag matches 'gb-sct'; with --extra: GB-SCT (Scotland)"],
    [['--region', 'Asia', 'scotland'], "no flag matches 'scotland'"],
  ])('refuses %j in one line', async (args, message) => {
    const stderr = `error: ${message}\n`
    expect(await runMain(['list', ...args])).toEqual({ stdout: '', stderr, exitCode: 2 })
  })

  test('notes an exclusion that leaves out no flag', async () => {
    const { stderr } = await runMain(['list', '--exclude', 'B', '--exclude', 'Europe,Z', 'new'])
    const lines = ['B leaves out no flag', 'Europe leaves out no flag: EU (Europe) is not selected']
    expect(stderr).toBe(
      [...lines, 'Z leaves out no flag'].map((line) => `note: --exclude ${line}\n`).join(''),
    )
  })

  test('prints codes that flags download accepts', async () => {
    const { stdout } = await runMain(['list', '--region', 'Oceania'])
    const codes = stdout.match(/^[A-Z]{2}/gm) ?? []
    const { exitCode, stderr } = await runMain(['download', ...codes], { cwd: await tempFolder() })
    expect(exitCode).toBe(0)
    expect(stderr).toContain(`${codes.length} flags saved in `)
  })
})
