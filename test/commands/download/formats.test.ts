import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { folderFiles, type Resources } from '../../../src/server/folder-files.js'
import { startServer } from '../../../src/server/server.js'
import { flagServer, send } from '../../helpers/flag-server.js'
import { jsonLines } from '../../helpers/run-flags.js'
import { runMain } from '../../helpers/run-main.js'
import { namesIn, tempFolder } from '../../helpers/temp-folder.js'

/** The embedded flags at flagcdn's paths: `/br.svg`, `/w320/br.png`, `/w40/br.webp`. */
async function flagcdnServer() {
  const flags = await folderFiles('src/server/flags')
  let bodies = 0
  const resources: Resources = {
    list: flags.list,
    open(path) {
      const match = /^(?:\/w(?:320|40))?\/([a-z-]+)\.(svg|png|webp)$/.exec(path)
      return flags.open(match ? `/${match[1]}/${match[1]}.${match[2]}` : path)
    },
  }
  const server = await startServer(resources, {
    onResponse: (_request, { statusCode }) => {
      if (statusCode === 200) bodies += 1
    },
  })
  onTestFinished(() => server.close())
  return { origin: server.origin, bodies: () => bodies }
}

describe('a server with the layout of flagcdn', () => {
  test.each([
    ['svg', '/{cc}.svg', [], 640],
    ['png', '/w{width}/{cc}.png', ['--width', '320'], 320],
    ['webp', '/w{width}/{cc}.webp', ['--width', '40'], 320],
  ] as const)(
    'sends whole %s files, and no body the second time',
    async (format, path, options, width) => {
      const { origin, bodies } = await flagcdnServer()
      const cwd = await tempFolder()
      const args = ['download', '-s', origin + path, '--format', format, ...options]
      expect((await runMain(args, { cwd })).stderr).toMatch(/^20 flags saved in /)
      expect(bodies()).toBe(20)
      const { flags } = JSON.parse(await readFile(join(cwd, 'downloaded', 'flags.json'), 'utf8'))
      for (const code of Object.keys(flags)) expect(flags[code][format]).toMatchObject({ width })
      expect((await runMain(args, { cwd })).stderr).toMatch(/^20 flags unchanged in /)
      expect(bodies()).toBe(20)
      expect((await runMain(['verify'], { cwd })).exitCode).toBe(0)
    },
  )
})

test('flags download selects flags by any code, name, alias and subdivision', async () => {
  const { url } = await flagServer()
  const cwd = await tempFolder()
  const words = ['Brazil', 'deu', '392', 'UK', 'South Korea', 'GB-SCT']
  await runMain(['download', ...words, '-s', url], { cwd })
  const files = ['br.gif', 'de.gif', 'flags.json', 'gb-sct.gif', 'gb.gif', 'jp.gif', 'kr.gif']
  expect(await namesIn(join(cwd, 'downloaded'))).toEqual(files)
})

test.each([
  ['png', 'the body is not a PNG image'],
  ['svg', 'the body is not an SVG image'],
  ['webp', 'the body is not a WebP image'],
])('a page in place of %s is a content failure, and leaves no file', async (format, message) => {
  const { url } = await flagServer((_request, response) => send(response, '<!doctype html>'))
  const cwd = await tempFolder()
  const args = ['download', 'BR', '--json', '--format', format, '-s', url]
  const { stdout, exitCode } = await runMain(args, { cwd })
  expect(exitCode).toBe(1)
  const failure = { kind: 'content', message }
  expect(jsonLines(stdout)[0]).toMatchObject({ code: 'BR', status: 'failed', failure })
  expect(await namesIn(join(cwd, 'downloaded'))).toEqual([])
})
