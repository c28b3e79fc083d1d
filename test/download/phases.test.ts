import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { type DownloadOptions, downloadFlags } from '../../src/download/download-flags.js'
import type { PhaseEvent } from '../../src/download/phases.js'
import { answerGif, flagServer, send } from '../helpers/flag-server.js'
import { rudeServer, status, whole } from '../helpers/rude-server.js'
import { tempFolder } from '../helpers/temp-folder.js'

/** Downloads, and gives each flag's phases with its result. */
async function phasesOf(codes: readonly string[], options: DownloadOptions) {
  const phases = new Map<string, PhaseEvent[]>()
  const onPhase = (event: PhaseEvent) => {
    phases.set(event.code, [...(phases.get(event.code) ?? []), event])
  }
  const results = []
  try {
    const output = await tempFolder()
    for await (const result of downloadFlags(codes, { output, ...options, onPhase })) {
      results.push(result)
    }
  } catch (error) {
    if (error !== options.signal?.reason) throw error
  }
  return { phases, results, of: (code: string) => phases.get(code) ?? [] }
}

/** A flag's phases in short: `connecting 1 waiting 1`, with an exclamation mark where an attempt failed. */
const way = (phases: readonly PhaseEvent[]) =>
  phases.map(({ phase, attempt, failure }) => `${phase} ${attempt}${failure ? '!' : ''}`)

const succeeding = (attempt: number) =>
  ['connecting', 'waiting', 'reading', 'checking', 'saving'].map((phase) => `${phase} ${attempt}`)

describe('the phases of a flag', () => {
  test('follow each other without a gap, and add up to its duration', async () => {
    const { url } = await flagServer()
    const { phases, results } = await phasesOf(['AA', 'BB', 'CC', 'DD'], {
      server: url,
      concurrency: 2,
    })
    expect(results).toHaveLength(4)
    for (const { code, durationMs } of results) {
      const own = phases.get(code) ?? []
      expect(way(own)).toEqual(['queued 1', ...succeeding(1)])
      for (const [index, { startedAt }] of own.slice(1).entries()) {
        expect(startedAt).toBe(own[index]?.endedAt)
      }
      const [queued, last] = [own[0]?.endedAt ?? 0, own.at(-1)?.endedAt ?? 0]
      expect(Math.round(last - queued)).toBe(durationMs)
    }
  })

  test('say what was requested, and what the response was', async () => {
    const { url } = await flagServer()
    const { of } = await phasesOf(['AA'], { server: url })
    const [, connecting, , reading] = of('AA')
    expect(connecting).toMatchObject({
      url: `${url}/aa/aa.gif`,
      headers: { accept: 'image/gif', 'accept-encoding': 'identity' },
    })
    const size = Number(reading?.phase === 'reading' && reading.bytes)
    expect(reading).toMatchObject({
      statusCode: 200,
      headers: { 'content-length': String(size) },
    })
    expect(size).toBeGreaterThan(0)
  })

  test('repeat for each attempt, and say how long it waited and why', async () => {
    const answers = {
      AA: [status('500 Trouble'), whole],
      BB: [status('503 Rest', 'Retry-After: 0'), whole],
      CC: [status('410 Gone')],
    }
    const { url } = await rudeServer(answers)
    const { of } = await phasesOf(['AA', 'BB', 'CC'], { server: url, concurrency: 1 })
    const failing = ['queued 1', 'connecting 1', 'waiting 1', 'reading 1', 'checking 1!']
    expect(way(of('AA'))).toEqual([...failing, 'delayed 2', ...succeeding(2)])
    expect(of('AA')[5]).toMatchObject({ reason: 'back_off' })
    expect(way(of('BB'))).toEqual([...failing, ...succeeding(2)])
    expect(way(of('CC'))).toEqual(failing)
    expect(of('CC')[4]?.failure).toMatchObject({ kind: 'http', statusCode: 410 })
  })

  test('name a pause of the host, and the rate', async () => {
    const { url } = await rudeServer({ AA: [status('503 Rest', 'Retry-After: 1'), whole] })
    const paused = await phasesOf(['AA'], { server: url })
    expect(paused.of('AA')[5]).toMatchObject({ phase: 'delayed', reason: 'host_pause', attempt: 2 })
    const rated = await phasesOf(['BB', 'CC'], { server: url, ratePerSecond: 20 })
    expect(way(rated.of('CC'))).toEqual(['queued 1', 'delayed 1', ...succeeding(1)])
    expect(rated.of('CC')[1]).toMatchObject({ reason: 'rate' })
  })

  test('fail where the attempt fails: while it connects, without a server', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    const { of } = await phasesOf(['AA'], { server: `http://127.0.0.1:${port}`, retries: 0 })
    expect(way(of('AA'))).toEqual(['queued 1', 'connecting 1!'])
  })

  test('follow redirects, each with its own request', async () => {
    const { url } = await flagServer((request, response) => {
      if (request.url?.startsWith('/moved')) return answerGif(request, response)
      response.writeHead(302, { Location: `/moved${request.url}` }).end()
    })
    const { of } = await phasesOf(['AA'], { server: url })
    const urls = of('AA').map((phase) => (phase.phase === 'connecting' ? phase.url : undefined))
    expect(urls.filter(Boolean)).toEqual([`${url}/aa/aa.gif`, `${url}/moved/aa/aa.gif`])
  })

  test('start in the queue again after metadata.json, which may name the file', async () => {
    const { url } = await flagServer((request, response) => {
      if (request.url?.endsWith('.json')) return send(response, '{"country":"Utopia"}')
      answerGif(request, response)
    })
    const { of } = await phasesOf(['AA'], { server: url, nameBy: 'country' })
    const metadata = ['queued 1', ...succeeding(1).slice(0, -1)]
    expect(way(of('AA'))).toEqual([...metadata, 'queued 1', ...succeeding(1)])
    expect(of('AA')[1]).toMatchObject({
      headers: { accept: 'application/json', 'accept-encoding': 'identity' },
    })
  })

  test('end when the run is interrupted, even those in the queue', async () => {
    const stop = new AbortController()
    const { url } = await flagServer(() => stop.abort(new Error('enough')))
    const options = { server: url, concurrency: 1, signal: stop.signal }
    const { of } = await phasesOf(['AA', 'BB'], options)
    expect(way(of('AA'))).toEqual(['queued 1', 'connecting 1', 'waiting 1'])
    expect(way(of('BB'))).toEqual(['queued 1'])
  })
})

test('a connection is new for its first request, and reused for the next; a host name is looked up', async () => {
  const { url } = await flagServer()
  const server = url.replace('127.0.0.1', 'localhost')
  const { of } = await phasesOf(['AA', 'BB'], { server, concurrency: 1 })
  const [first, second] = [of('AA'), of('BB')].map((phases) => {
    const connecting = phases[1]
    return connecting?.phase === 'connecting' ? connecting.connection : undefined
  })
  expect(first).toMatchObject({ isReused: false, remoteAddress: '127.0.0.1', tlsMs: undefined })
  expect(first?.dnsMs).toBeGreaterThan(0)
  expect(second).toEqual({ ...first, isReused: true })
})
