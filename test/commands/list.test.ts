import { describe, expect, test } from 'vitest'
import { jsonLines, runFlags } from '../helpers/run-flags.js'
import { tempFolder } from '../helpers/temp-folder.js'

describe('flags list', () => {
  test('prints the 249 codes of ISO 3166-1 with their countries, sorted', async () => {
    const { stdout, stderr, exitCode } = await runFlags(['list'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(249)
    expect(lines).toContain('BR\tBrazil')
    expect(lines).toEqual([...lines].sort())
    for (const line of lines) expect(line).toMatch(/^[A-Z]{2}\t[^\t]+$/)
  })

  test('--region keeps the countries of a continent, in any case', async () => {
    const { stdout } = await runFlags(['list', '--region', 'south AMERICA'])
    const codes = stdout.match(/^[A-Z]{2}/gm)
    expect(codes).toEqual(expect.arrayContaining(['AR', 'BR', 'CL']))
    expect(codes).not.toContain('DE')
  })

  test('the continents have all the countries between them', async () => {
    const countries = jsonLines((await runFlags(['list', '--json'])).stdout)
    const continents = [...new Set(countries.map(({ continent }) => continent))]
    expect(continents).toHaveLength(7)
    const lists = await Promise.all(
      continents.map((name) => runFlags(['list', '--json', '--region', name])),
    )
    expect(lists.flatMap(({ stdout }) => jsonLines(stdout))).toHaveLength(countries.length)
  })

  test('--json prints an object a line', async () => {
    const { stdout } = await runFlags(['list', '--json', '--region', 'Europe'])
    expect(stdout).toContain('{"code":"DE","name":"Germany","continent":"Europe"}\n')
  })

  test.each([
    ['Erope', "did you mean 'Europe'?"],
    ['north amerca', "did you mean 'North America'?"],
    ['', 'give one of'],
    ['Atlantis', 'give one of'],
  ])('--region %j is a usage error that names the continents', async (region, said) => {
    const { stdout, stderr, exitCode } = await runFlags(['list', '--region', region])
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toContain(`error: bad region '${region}'`)
    expect(stderr).toContain(said)
    expect(stderr).toMatch(
      /Africa, Antarctica, Asia, Europe, North America, Oceania, South America\n$/,
    )
  })

  test('its codes feed a download', async () => {
    const { stdout } = await runFlags(['list', '--region', 'Oceania'])
    const codes = stdout.match(/^[A-Z]{2}/gm) ?? []
    const { exitCode, stderr } = await runFlags(['download', ...codes], { cwd: await tempFolder() })
    expect(exitCode).toBe(0)
    expect(stderr).toContain(`${codes.length} flags saved in `)
  })
})
