import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import type * as library from '../../src/index.js'
import { gif } from '../helpers/gif.js'
import {
  type Answer,
  body,
  cutAfter,
  endless,
  ends,
  gzipped,
  head,
  redirect,
  resets,
  rudeServer,
  sends,
  status,
  whole,
} from '../helpers/rude-server.js'
import { jsonLines, runFlags } from '../helpers/run-flags.js'
import { tempFolder } from '../helpers/temp-folder.js'

/** The library as it is built, which has the whole of undici. */
const { downloadFlags }: typeof library = await import(pathToFileURL(resolve('dist/index.js')).href)

const half = gif('cut').subarray(0, 20)

/** What a server does to a flag, always or once. */
const rows: Readonly<Record<string, readonly Answer[]>> = {
  AA: [whole],
  AB: [gzipped],
  AC: [redirect('/moved/ac.gif'), whole],
  AD: [status('404 Not Found')],
  AE: [status('503 Rest'), whole],
  AF: [resets, whole],
  AG: [cutAfter(half, 'Content-Length: 99')],
  AH: [ends('garbage\r\n\r\n')],
  AI: [endless],
  AK: [cutAfter('xyz\r\n', 'Transfer-Encoding: chunked')],
  AL: [body('no gif')],
  AM: [sends(head('200 OK', `A: ${'a'.repeat(99_999)}`))],
}

/** What a server never does to a flag. */
const silence: typeof rows = { AA: [() => {}] }

/** What is the same in every run: neither times nor ports. */
function comparable({ code, status: ending, attempts, ...rest }: library.FlagResult) {
  return { code, ending, attempts, failure: 'failure' in rest ? rest.failure : undefined }
}

function sorted<T extends { code: string }>(results: T[]): T[] {
  return results.sort((a, b) => (a.code < b.code ? -1 : 1))
}

describe("the program's undici", () => {
  test.each([
    [rows, 30_000],
    [silence, 1000],
  ])(
    'sends the same requests and has the same results as all of undici (%#)',
    async (answers, timeoutMs) => {
      const [first, second] = [await rudeServer(answers), await rudeServer(answers)]
      const codes = Object.keys(answers)
      const args = ['--retries', '1', '--timeout', `${timeoutMs / 1000}`, '--json', '-s', first.url]
      const { stdout } = await runFlags(['download', ...codes, ...args], {
        cwd: await tempFolder(),
      })
      const byProgram = jsonLines(stdout).slice(0, -1).map(comparable)

      const settings = { server: second.url, output: await tempFolder(), retries: 1, timeoutMs }
      const byLibrary: ReturnType<typeof comparable>[] = []
      for await (const result of downloadFlags(codes, settings)) byLibrary.push(comparable(result))

      expect(sorted(byProgram)).toEqual(sorted(byLibrary))
      const requests = ({ url, received }: typeof first) =>
        received.map((text) => text.replace(url.replace('http://', ''), 'host')).sort()
      expect(requests(first)).toEqual(requests(second))
    },
  )

  test('has every part that src/ imports', () => {
    const parts = createRequire(import.meta.url)(resolve('dist/undici.cjs'))
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    const sources = files.filter((file) => file.endsWith('.ts')).map((file) => join('src', file))
    const names = sources.flatMap((file) => {
      const imports = /^import \{([^}]*)\} from 'undici'/m.exec(readFileSync(file, 'utf8'))?.[1]
      return (imports ?? '').split(',').map((name) => name.trim())
    })
    const values = names.filter((name) => name && !name.startsWith('type '))
    expect(values).toContain('Agent')
    expect(Object.keys(parts)).toEqual(expect.arrayContaining(values))
  })
})
