import { getEventListeners, once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { ResponseEvent } from '../../src/http/get.js'
import { getFrom, maxBytes, said, testConnections } from '../helpers/get-from.js'
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
} from '../helpers/rude-server.js'

/** The URL of a flag whose requests get these answers, one after another. */
async function serverWith(...answers: Answer[]) {
  const server = await rudeServer({ AA: answers })
  return { ...server, flag: `${server.url}/aa.gif` }
}

test('a TLS handshake that never ends is a time-out', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => void silent.close())
  const { port } = silent.address() as AddressInfo
  const result = await getFrom(`https://127.0.0.1:${port}/`, { timeoutMs: 100 })
  expect(said(result)).toBe('no complete response within 0.1 s')
})

describe('a response', () => {
  test.each<[string, Answer, string]>([
    ['is whole', body('flag'), '200 flag'],
    ['may be empty', body(''), '200'],
    ['of 404 has its body dropped', sends(`${head('404 No', 'Content-Length: 2')}no`), '404'],
    ['of 404 is not decoded', status('404 No', 'Content-Encoding: gzip'), '404'],
    [
      'may have two codings, in two fields',
      body('', 'Content-Encoding: x', 'Content-Encoding: y'),
      "unsupported content coding 'y'",
    ],
  ])('%s', async (_name, answer, expected) => {
    expect(said(await getFrom((await serverWith(answer)).flag))).toBe(expected)
  })

  test('has its header fields by name in lower case, the first of several', async () => {
    const { flag } = await serverWith(body('', 'ETag: "1"', 'Etag: "2"'))
    const result = await getFrom(flag)
    expect(result).toMatchObject({ kind: 'response', response: { headers: { etag: '"1"' } } })
  })

  test('may be exactly as large as allowed', async () => {
    const { flag } = await serverWith(body('flag'))
    expect(said(await getFrom(flag, { maxBytes: 4 }))).toBe('200 flag')
    expect(said(await getFrom(flag, { maxBytes: 3 }))).toBe('the body is larger than 3 bytes')
  })

  test('takes no more memory than allowed', async () => {
    const { flag } = await serverWith(body('x'.repeat(99_999)))
    const result = await getFrom(flag, { maxBytes: 99_999 })
    expect(result.kind === 'response' && result.response.body.buffer.byteLength).toBe(99_999)
  })
})

describe('a failed GET', () => {
  const cut = 'connection closed before the whole response arrived (UND_ERR_SOCKET)'
  const zipped = body('x', 'Content-Encoding: zip')
  const damaged = body('x', 'Content-Encoding: gzip')
  const refused = 'connection refused; is a server running there? (ECONNREFUSED)'
  const moved = redirect('/b/aa.gif')
  const closedPort = '127.0.0.1:1/aa.gif'
  test.each<[string, Answer[], string]>([
    ['for a closed connection', [ends()], cut],
    ['for a reset connection', [resets], 'connection reset (ECONNRESET)'],
    ['for garbage', [ends('SSH-2.0\r\n')], 'malformed response (HTTPParserError)'],
    ['for a cut body', [cutAfter('x', 'Content-Length: 2')], cut],
    ['for an endless body', [endless], `the body is larger than ${maxBytes} bytes`],
    ['for a coding that was not requested', [zipped], "unsupported content coding 'zip'"],
    ['for damaged gzip', [damaged], 'the body is damaged'],
    ['after a redirect', [moved, ends()], `${cut}, after a redirect to {url}/b/aa.gif`],
    [
      'for a body after a redirect',
      [moved, damaged],
      'the body is damaged, after a redirect to {url}/b/aa.gif',
    ],
    [
      'without the password of a redirect',
      [redirect(`//me:secret@${closedPort}`)],
      `${refused}, after a redirect to http://${closedPort}`,
    ],
  ])('gives the reason %s', async (_name, answers, message) => {
    const { flag, url } = await serverWith(...answers)
    expect(said(await getFrom(flag))).toBe(message.replace('{url}', url))
  })

  test('of a silent server is a timeout, even in the middle of a body', async () => {
    for (const answer of [() => {}, sends(head('200 OK', 'Content-Length: 9'))]) {
      const { flag } = await serverWith(answer)
      const result = await getFrom(flag, { timeoutMs: 60 })
      expect(result).toMatchObject({ failure: { kind: 'timeout', timeoutMs: 60 } })
      expect(said(result)).toBe('no complete response within 60 ms')
    }
  })

  test.each([
    ['http://me:secret@127.0.0.1:1/a@b', 'http://***@127.0.0.1:1/a@b'],
    ['//me:secret@127.0.0.1:1/', 'http://***@127.0.0.1:1/'],
    ['http://me@127.0.0.1:1/', 'http://***@127.0.0.1:1/'],
    ['http://:secret@127.0.0.1:1/', 'http://***@127.0.0.1:1/'],
    ['mailto:me:secret@h', 'mailto:***@h'],
    ['http:\\\\me:secret@127.0.0.1:1/', 'http://***@127.0.0.1:1/'],
    ['ftp://me:secret@h/', 'ftp://***@h/'],
    ['http://me:secret@h:99999/', 'http://***@h:99999/'],
    ['/npm/flags@7/aa.gif', '/npm/flags@7/aa.gif'],
  ])('reports the Location %s as %s', async (location, reported) => {
    const seen: unknown[] = []
    const { flag } = await serverWith(redirect(location))
    const onResponse = ({ headers }: ResponseEvent) => void seen.push(headers.location)
    await getFrom(flag, { onResponse, maxRedirects: 0 })
    expect(seen).toEqual([reported])
  })

  test('keeps the status of an error page that is too large', async () => {
    const page = head('500 No', 'Content-Length: 20') + 'x'.repeat(20)
    const { flag } = await serverWith(sends(page))
    expect(said(await getFrom(flag, { maxBytes: 10 }))).toBe('500')
  })

  test('that is aborted rejects with the reason, before or during the request, and closes its connection', async () => {
    let closed: Promise<unknown> | undefined
    const stop = new AbortController()
    const { flag } = await serverWith((socket) => {
      closed = once(socket, 'close')
      stop.abort(new Error('enough'))
    })
    await expect(getFrom(flag, { signal: stop.signal })).rejects.toThrow('enough')
    await expect(getFrom(flag, { signal: stop.signal })).rejects.toThrow('enough')
    await closed
  })
})

test('a GET leaves no listener on its signal, and no timer', async () => {
  const { signal } = new AbortController()
  const { flag } = await serverWith(body('flag'))
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  await getFrom(flag, { signal })
  expect(getEventListeners(signal, 'abort')).toEqual([])
  expect(timers()).toBe(before)
})

test('the deadline of a GET includes decoding', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { flag } = await serverWith(gzipped)
  const onResponse = () => void vi.advanceTimersByTime(10_000)
  expect(said(await getFrom(flag, { onResponse }))).toBe('no complete response within 10 s')
})

describe('a proxy', () => {
  const fromProxy = { reason: 'from_proxy' }
  const tooLate = { reason: 'retry_too_late', afterMs: 61_000, maxMs: 60_000 }
  test.each<[number, string[], number | undefined, object]>([
    [503, [], undefined, fromProxy],
    [503, ['Retry-After: 2'], 2000, fromProxy],
    [503, ['Retry-After: 2', 'Retry-After: 9'], 2000, fromProxy],
    [502, ['Retry-After: 2'], undefined, fromProxy],
    [503, ['Retry-After: 61'], undefined, tooLate],
  ])(
    'that refuses a tunnel with %i and %j is named, and obeyed',
    async (statusCode, headers, retryAfterMs, problem) => {
      const { url: https } = await rudeServer({ '': [status(`${statusCode} No`, ...headers)] })
      const connections = testConnections({ proxies: { http: '', https, except: '' } })
      const result = await getFrom('https://example.org/', { connections })
      expect(result).toMatchObject({ retryAfterMs, failure: { kind: 'http', statusCode, problem } })
      expect(said(result)).toContain(`, through the proxy ${new URL(https).host}`)
    },
  )

  test('is named with the URL of the last redirect', async () => {
    const { flag } = await serverWith(redirect('/b/aa.gif'), redirect('https://example.org/'))
    const proxies = { http: '', https: 'http://127.0.0.1:1', except: '' }
    const result = await getFrom(flag, { connections: testConnections({ proxies }) })
    expect(said(result)).toMatch(
      /^connection to the proxy refused .*, after a redirect to https:\/\/example.org\/, through the proxy 127.0.0.1:1$/,
    )
  })
})

const notHttp = 'which is not an http or https URL'

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])('with the status %i are followed', async (code) => {
    const { flag, url } = await serverWith(redirect('b/aa.gif#x', code), body('flag'))
    const result = await getFrom(flag)
    expect(said(result)).toBe('200 flag')
    expect(result).toMatchObject({ route: { redirectedTo: `${url}/b/aa.gif` } })
  })

  test.each([300, 304, 305, 306])('with the status %i are not followed', async (code) => {
    const { flag } = await serverWith(redirect('/b/aa.gif', code), body('flag'))
    const result = await getFrom(flag)
    expect(said(result)).toBe(String(code))
    expect(result).toMatchObject({ route: { redirectedTo: undefined } })
  })

  test('are followed as often as allowed, each one reported', async () => {
    const events: ResponseEvent[] = []
    const { flag, url } = await serverWith(
      redirect('/b/aa.gif'),
      redirect('/c/aa.gif'),
      body('flag'),
    )
    const onResponse = (event: ResponseEvent) => void events.push(event)
    const startedAt = performance.now()
    expect(said(await getFrom(flag, { maxRedirects: 2, onResponse }))).toBe('200 flag')
    expect(events.map((event) => [event.url, event.statusCode])).toEqual([
      [flag, 302],
      [`${url}/b/aa.gif`, 302],
      [`${url}/c/aa.gif`, 200],
    ])
    expect(events.map(({ bytes }) => bytes)).toEqual([0, 0, 4])
    const elapsed = performance.now() - startedAt
    for (const { firstByteMs, durationMs, headers } of events) {
      expect(firstByteMs).toBeGreaterThan(0)
      expect(durationMs).toBeGreaterThanOrEqual(firstByteMs)
      expect(durationMs).toBeLessThanOrEqual(elapsed)
      expect(headers).toHaveProperty('content-length')
    }
  })

  test('may be many, without a warning about listeners', async () => {
    const warnings: string[] = []
    const onWarning = ({ message }: Error) => void warnings.push(message)
    process.on('warning', onWarning)
    onTestFinished(() => void process.off('warning', onWarning))
    const hops = Array.from({ length: 12 }, (_, index) => redirect(`/${index}/aa.gif`))
    const { flag } = await serverWith(...hops, body('flag'))
    expect(said(await getFrom(flag, { maxRedirects: 12 }))).toBe('200 flag')
    expect(warnings).toEqual([])
  })

  test('are reported at the start and at the end of each request, even of one that fails', async () => {
    const { flag, url } = await serverWith(redirect('/b/aa.gif'), ends())
    const seen: unknown[] = []
    await getFrom(flag, {
      onRequest({ href }) {
        seen.push(href)
        return (response) => void seen.push(response?.statusCode)
      },
    })
    expect(seen).toEqual([flag, 302, `${url}/b/aa.gif`, undefined])
  })

  const twice = [redirect('/b/aa.gif'), redirect('/c/aa.gif')]
  test.each<[string, Answer[], string]>([
    ['too many', twice, 'more than 1 redirects, after a redirect to {url}/b/aa.gif'],
    ['in a loop', [redirect('?#again')], 'redirect loop to {url}/aa.gif?'],
    ['without Location', [status('302 Found')], 'redirect without a Location'],
    ['with an empty Location', [redirect('')], 'redirect without a Location'],
    ['to a file', [redirect('file:///etc/x')], `redirect to 'file:///etc/x', ${notHttp}`],
    ['to FTP', [redirect('ftp://me:secret@h/')], `redirect to 'ftp://***@h/', ${notHttp}`],
    [
      'to a long URL',
      [redirect(`x:${'y'.repeat(999)}`)],
      `redirect to 'x:${'y'.repeat(198)}…', ${notHttp}`,
    ],
    ['to an invalid URL', [redirect('http://')], `redirect to 'http://', ${notHttp}`],
  ])('%s fail', async (_name, answers, message) => {
    const { flag, url } = await serverWith(...answers)
    const looping = message.includes('loop') ? `${flag}?` : flag
    const result = await getFrom(looping, { maxRedirects: 1 })
    expect(said(result)).toBe(`302 Found: ${message.replace('{url}', url)}`)
  })
})
