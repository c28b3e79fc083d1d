import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { answerGif, answering, flagServer, send, taggedServer } from '../../helpers/flag-server.js'
import { jsonLines } from '../../helpers/run-flags.js'
import { runMain } from '../../helpers/run-main.js'
import { namesIn, tempFolder } from '../../helpers/temp-folder.js'

/** Answers with these texts as `metadata.json`, by code, or else 404; a function answers itself. */
function withMetadata(texts: Record<string, string | ((response: ServerResponse) => void)>) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const cc = /\/(..)\/metadata\.json$/.exec(request.url ?? '')?.[1]
    if (!cc) return answerGif(request, response)
    const text = texts[cc.toUpperCase()]
    if (typeof text === 'function') text(response)
    else send(response, text ?? 'none', text === undefined ? 404 : 200)
  }
}

async function download(url: string, ...args: string[]) {
  const folder = await tempFolder()
  const options = ['--name-by', 'country', '--json', '-s', url, '-o', folder]
  const ended = await runMain(['download', ...args, ...options])
  const results = new Map(jsonLines(ended.stdout).map((line) => [line.code, line]))
  return { ...ended, results, folder }
}

describe('flags download --name-by country', () => {
  test('requests the metadata, then the flag, and saves it under its name', async () => {
    const server = await flagServer(
      withMetadata({ VN: '{"iso_cc":"VN","country":"Viet Nam"}', BR: '{"country":"Brazil"}' }),
    )
    const { folder, exitCode, results } = await download(server.url, 'VN', 'BR', '-c', '1')
    expect(exitCode).toBe(0)
    expect(await namesIn(folder)).toEqual(['Brazil.gif', 'Viet_Nam.gif', 'flags.json'])
    expect(results.get('VN')).toMatchObject({
      path: join(folder, 'Viet_Nam.gif'),
      attempts: 1,
    })
    const order = server.requests.filter((path) => path.startsWith('/vn/'))
    expect(order).toEqual(['/vn/metadata.json', '/vn/vn.gif'])
    const { flags } = JSON.parse(await readFile(join(folder, 'flags.json'), 'utf8'))
    expect(flags.VN.gif).toMatchObject({ file: 'Viet_Nam.gif', country: 'Viet Nam' })
  })

  test('holds one slot for each request', async () => {
    const names = Object.fromEntries(
      ['AA', 'BB', 'CC', 'DD', 'EE'].map((code) => [code, `{"country":"The ${code}"}`]),
    )
    const answer = withMetadata(names)
    const server = await flagServer(
      (request, response) => void setTimeout(() => answer(request, response), 20),
    )
    await download(server.url, ...Object.keys(names), '-c', '2')
    expect(server.peak()).toBe(2)
    expect(server.requests).toHaveLength(10)
  })

  const noCountry = 'metadata.json names no country'
  test.each<[string, string | ((response: ServerResponse) => void), string]>([
    ['missing', (response) => send(response, 'no', 404), 'no metadata.json: 404 Not Found'],
    ['no JSON', '<html>', 'metadata.json is not JSON'],
    ['without a name', '{"country":""}', noCountry],
    ['null', 'null', noCountry],
    ['with a name of 201 characters', `{"country":"${'x'.repeat(201)}"}`, noCountry],
    ['with a name of dots', '{"country":".."}', 'metadata.json has no usable name'],
    ['of another country', '{"iso_cc":"CN"}', 'metadata.json is about another country'],
    [
      'from a connection that is reset',
      ({ socket }) => void socket?.resetAndDestroy(),
      'no metadata.json: connection reset (ECONNRESET)',
    ],
    [
      'larger than 100 kB',
      ' '.repeat(100_001),
      'no metadata.json: the body is larger than 100000 bytes',
    ],
  ])('names the file by code, with the reason, for metadata %s', async (_name, BR, note) => {
    const { url } = await flagServer(withMetadata({ BR }))
    const { results, stderr, folder, exitCode } = await download(url, 'BR', '--retries', '0')
    expect(exitCode).toBe(0)
    expect(results.get('BR')).toMatchObject({ status: 'saved', note })
    expect(stderr).toContain(`note: the server has no name for BR (${note}); its file is named`)
    expect(await namesIn(folder)).toEqual(['br.gif', 'flags.json'])
  })

  test('keeps hostile names in the folder', async () => {
    const hostile = {
      AA: '{"country":"../../upward"}',
      BB: `\ufeff{"country":"${'x'.repeat(200)}"}`,
      CC: '{"country":"a\\u0000b\\u001b[2J/c"}',
      DD: '{"country":"NUL"}',
    }
    const { url } = await flagServer(withMetadata(hostile))
    const { folder, exitCode, stdout, stderr } = await download(url, ...Object.keys(hostile), '-v')
    expect(exitCode).toBe(0)
    const files = ['NUL_.gif', 'a_b_2J_c.gif', 'flags.json', 'upward.gif', /^x+\.gif$/]
    expect(await namesIn(folder)).toEqual(
      files.map((file) => (typeof file === 'string' ? file : expect.stringMatching(file))),
    )
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  })

  test('gives two equal names the same files, whichever metadata arrives first', async () => {
    for (const slow of ['bb', 'cc']) {
      const answer = withMetadata({ BB: '{"country":"Same"}', CC: '{"country":"same"}' })
      let answerOther = () => {}
      const other = new Promise<void>((settle) => {
        answerOther = settle
      })
      const { url } = await flagServer(async (request, response) => {
        if (request.url === `/${slow}/metadata.json`) await other
        else if (request.url?.endsWith('.json')) response.once('close', answerOther)
        answer(request, response)
      })
      const { folder } = await download(url, 'BB', 'CC', '-c', '2')
      expect(await namesIn(folder)).toEqual(['Same.gif', 'flags.json', 'same_CC.gif'])
    }
  })

  test('decodes the metadata, and does not wait for a Retry-After beyond the limit', async () => {
    const { url } = await flagServer(
      withMetadata({
        BR(response) {
          response.setHeader('Content-Encoding', 'gzip')
          send(response, gzipSync('{"country":"Brazil"}'))
        },
        CN: (response) => void response.writeHead(503, { 'Retry-After': '99999999' }).end(),
      }),
    )
    const { results, folder } = await download(url, 'BR', 'CN')
    expect(await namesIn(folder)).toEqual(['Brazil.gif', 'cn.gif', 'flags.json'])
    expect(results.get('CN').note).toMatch(/more than the 60 s allowed/)
  })

  test('shows the names of the embedded server in a dry run, and codes with a note for another server', async () => {
    const plan = async (server: string) => {
      const args = ['download', '-n', 'CI', 'VN', 'AA', '--name-by', 'country', '-s', server]
      const { stdout, stderr } = await runMain(args)
      return { paths: [...stdout.matchAll(/\t(.*)/g)].map(([, path]) => path), stderr }
    }
    const paths = ["Côte_d'Ivoire.gif", 'Vietnam.gif', 'aa.gif']
    const planned = paths.sort().map((file) => join('downloaded', file))
    const local = await plan('local')
    expect({ ...local, paths: local.paths.sort() }).toEqual({ paths: planned.sort(), stderr: '' })
    expect(await plan('http://h')).toEqual({
      paths: ['aa.gif', 'ci.gif', 'vn.gif'].map((file) => join('downloaded', file)),
      stderr:
        "note: the paths shown are by code: a dry run does not fetch the names in the server's metadata.json\n",
    })
  })

  test('prints no note for a flag that is not found', async () => {
    const { url } = await flagServer(answering({}, 404))
    const { stderr, results } = await download(url, 'b')
    expect(results.get('BR')).not.toHaveProperty('note')
    expect(stderr).toMatch(/^26 flags not found in /)
  })

  test('finds all flags unchanged the second time', async () => {
    const { url } = await taggedServer(withMetadata({ BR: '{"country":"Brazil"}' }))
    const folder = await tempFolder()
    const args = ['download', 'BR', '--name-by', 'country', '-s', url, '-o', folder]
    await runMain(args)
    expect((await runMain(args)).stdout).toBe(`${join(folder, 'Brazil.gif')}\n`)
    expect((await runMain(args)).stderr).toMatch(/^1 flag unchanged/)
  })
})

test.each([
  ['code', ['br.gif', 'eu.gif', 'vn.gif']],
  ['alpha3', ['bra.gif', 'eu.gif', 'vnm.gif']],
  ['numeric', ['076.gif', '704.gif', 'eu.gif']],
  ['country', ['Brazil.gif', 'Europe.gif', 'Vietnam.gif']],
])('the embedded flags named by %s are %j', async (nameBy, expected) => {
  const folder = await tempFolder()
  await runMain(['download', 'BR', 'VN', 'EU', '--name-by', nameBy, '-o', folder])
  expect((await namesIn(folder)).filter((name) => name.endsWith('.gif'))).toEqual(expected)
})

test('a flag renamed by another --name-by leaves no file behind', async () => {
  const folder = await tempFolder()
  await runMain(['download', 'BR', '-o', folder])
  await runMain(['download', 'BR', '--name-by', 'alpha3', '-o', folder])
  expect(await namesIn(folder)).toEqual(['bra.gif', 'flags.json'])
})
