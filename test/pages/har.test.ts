import { expect, test } from 'vitest'
import { timelineHar } from '../../src/pages/har.js'
import { harErrors } from '../helpers/har.js'
import { timelineOf } from '../helpers/timeline.js'

const creator = { name: 'flags', version: '1.0.0' }
const har = (count = 1) => JSON.parse(timelineHar(timelineOf(count, 2), creator))

test('a HAR matches the schema of HTTP Archive 1.2, which refuses one without timings', () => {
  const valid = har(3)
  expect(harErrors(valid)).toBeUndefined()
  delete valid.log.entries[0].timings
  expect(harErrors(valid)).toContain("must have required property 'timings'")
})

test('a HAR has an entry for each request, with the times of its phases', () => {
  const { creator: named, pages, entries } = har().log
  expect(named).toEqual(creator)
  expect(pages[0]).toMatchObject({
    startedDateTime: '2026-01-02T03:04:05.000Z',
    title: '1 flags from https://example.org/flags',
  })
  expect(entries.map(({ timings }: { timings: object }) => timings)).toEqual([
    { blocked: 0.123, dns: 1.5, connect: 8.5, send: 0, wait: 60, receive: 20, ssl: 4.5 },
    { blocked: 160, dns: -1, connect: -1, send: 0, wait: 60, receive: 20, ssl: -1 },
  ])
  // The time of connecting includes TLS.
  expect(entries[0].time).toBe(90.123)
  expect(entries[1]).toMatchObject({
    startedDateTime: '2026-01-02T03:04:05.100Z',
    time: 240,
    serverIPAddress: '127.0.0.1',
    connection: '54321',
    request: {
      method: 'GET',
      queryString: [{ name: 'a', value: '1' }],
      headers: [{ name: 'accept' }],
    },
    response: { status: 200, statusText: 'OK', content: { size: 99 }, bodySize: 99 },
  })
})

test('a HAR has the requests of all flags in the order of their start', () => {
  const started: string[] = har(2).log.entries.map(
    ({ startedDateTime }: { startedDateTime: string }) => startedDateTime,
  )
  expect(new Set(started).size).toBe(2)
  expect(started).toEqual(started.toSorted())
})

test('a request has each value of a query, even those of one name', () => {
  const timeline = timelineOf(1, 1)
  const flags = timeline.flags.map((flag) => ({
    ...flag,
    phases: flag.phases.map((phase) =>
      phase.phase === 'connecting' ? { ...phase, url: 'http://h/?a=1&a=2' } : phase,
    ),
  }))
  const [entry] = JSON.parse(timelineHar({ ...timeline, flags }, creator)).log.entries
  const values = ['1', '2'].map((value) => ({ name: 'a', value }))
  expect(entry.request.queryString).toEqual(values)
})

test('a request without a response has the status 0 and the failure', () => {
  const timeline = timelineOf(1, 1)
  const phases = timeline.flags[0]?.phases.slice(0, 2) ?? []
  const failure = { kind: 'network', code: 'ECONNREFUSED', detail: '', message: 'refused' } as const
  const failed = phases.map((phase) => ({ ...phase, failure }))
  const flags = [{ code: 'AA', status: 'failed' as const, phases: failed }]
  const { log } = JSON.parse(timelineHar({ ...timeline, flags }, creator))
  expect(log.entries).toHaveLength(1)
  expect(log.entries[0]).toMatchObject({
    response: { status: 0, content: { size: 0 }, bodySize: -1, _error: 'refused' },
  })
  expect(harErrors({ log })).toBeUndefined()
})
