import { EventEmitter, once } from 'node:events'
import { type ClientRequest, request } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { faultSequence } from '../../src/server/faults.js'
import {
  embeddedFlags,
  type Representation,
  type Resources,
} from '../../src/server/folder-files.js'
import { type ServerOptions, startServer } from '../../src/server/server.js'
import { hasIPv6 } from '../helpers/needs.js'

async function start(resources: Resources, options?: ServerOptions): Promise<string> {
  const server = await startServer(resources, options)
  onTestFinished(() => server.close())
  return server.origin
}

/** The status of a path sent as it is; fetch() would tidy it up first. */
function statusOf(
  origin: string,
  path: string,
  { method = 'GET', host = '' } = {},
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const headers = host === '' ? {} : { host }
    const address = hostname.replace(/[[\]]/g, '')
    request({ hostname: address, port, path, method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .once('error', reject)
      .end()
  })
}

/** Node answers 100 Continue as soon as it has the request. */
const expectContinue = { expect: '100-continue' }

describe('a server with a limit', () => {
  /** Resources that answer, with 404, once they are released. */
  function heldResources() {
    const gate = new EventEmitter()
    const released = once(gate, 'release')
    let open = 0
    let peak = 0
    const resources: Resources = {
      list: async () => [],
      async open() {
        open += 1
        peak = Math.max(peak, open)
        await released
        open -= 1
        return undefined
      },
    }
    return { resources, release: () => gate.emit('release'), peak: () => peak }
  }

  test('answers as many requests at once as its capacity, and queues the others', async () => {
    const { resources, release, peak } = heldResources()
    const origin = await start(resources, { capacity: 2 })
    const options = { headers: expectContinue }
    const requests = Array.from({ length: 8 }, () => request(origin, options).end())
    const responses = requests.map((each) => once(each, 'response'))
    await Promise.all(requests.map((each) => once(each, 'continue')))
    expect(peak()).toBe(2)
    release()
    const statuses = (await Promise.all(responses)).map(([response]) => response.statusCode)
    expect(statuses).toEqual(Array(8).fill(404))
    expect(peak()).toBe(2)
  })

  test('gives the slot of a client that leaves to the next one that stays, without its delay', async () => {
    // Draws delays of 7 minutes, 2 ms and 7 minutes.
    const options = { capacity: 1, delayMs: [0, 600_000], seed: 45_782 } as const
    const left = new EventEmitter()
    const opened: string[] = []
    const resources: Resources = {
      list: async () => [],
      open: async (path) => void opened.push(path),
    }
    const onResponse = ({ url = '' }) => void left.emit(url)
    const origin = await start(resources, { ...options, onResponse })
    const clients: { path: string; sent: ClientRequest }[] = []
    for (const path of ['/first', '/second']) {
      const sent = request(origin + path, { headers: expectContinue }).on('error', () => {})
      await once(sent.end(), 'continue')
      clients.unshift({ path, sent })
    }
    for (const { path, sent } of clients) {
      sent.destroy()
      await once(left, path)
    }
    expect(await statusOf(origin, '/next')).toBe(404)
    expect(opened).toEqual(['/next'])
  })

  test('rejects requests beyond the limit of open ones with 429, and accepts them again later', async () => {
    const { resources, release } = heldResources()
    const origin = await start(resources, { rejectAbove: 3 })
    let rejected = 0
    const requests = Array.from({ length: 8 }, async () => {
      const status = await statusOf(origin, '/')
      if (status === 429) rejected += 1
      if (rejected === 5) release()
      return status
    })
    const statuses = await Promise.all(requests)
    expect(statuses.sort()).toEqual([...Array(3).fill(404), ...Array(5).fill(429)])
    expect(await statusOf(origin, '/')).toBe(404)
  })
})

describe('the embedded server', () => {
  test('serves a flag with its validators', async () => {
    const origin = await start(await embeddedFlags())
    const url = `${origin}/flags/br/br.gif`
    const first = await fetch(url)
    const body = await first.arrayBuffer()
    expect(first.status).toBe(200)
    expect(first.headers.get('content-type')).toBe('image/gif')
    expect(first.headers.get('content-length')).toBe(String(body.byteLength))
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]+"$/)

    const again = await fetch(url, { headers: { 'if-none-match': `"other", W/${etag}` } })
    expect(again.status).toBe(304)
    expect(again.headers.get('etag')).toBe(etag)
    const other = await fetch(url, { headers: { 'if-none-match': '"other"' } })
    expect(other.status).toBe(200)
    await other.arrayBuffer()
    const since = first.headers.get('last-modified') ?? ''
    expect((await fetch(url, { headers: { 'if-modified-since': since } })).status).toBe(304)
  })

  test('serves metadata', async () => {
    const response = await fetch(`${await start(await embeddedFlags())}/flags/br/metadata.json`)
    const metadata = { iso_cc: 'BR', country: 'Brazil', continent: 'South America' }
    expect(await response.json()).toEqual(metadata)
  })

  test('listens on 127.0.0.1, or on another address that is given', async () => {
    const flags = await embeddedFlags()
    expect(await start(flags)).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    if (hasIPv6) expect(await start(flags, { host: '::1' })).toMatch(/^http:\/\/\[::1\]:\d+$/)
  })

  test.each([
    ['GET', '/flags/br/%62r.gif?a?b', 200],
    ['HEAD', '/flags/br/br.gif', 200],
    ['DELETE', '/flags/br/br.gif', 405],
    ['GET', '/', 404],
    ['GET', '/flags/br/cn.gif', 404],
    ['GET', '/flags/br/../cn/cn.gif', 404],
    ['GET', '/../../../etc/passwd', 404],
    ['GET', '/flags/%2e%2e/%2e%2e/etc/passwd', 404],
    ['GET', '/flags/br/br.gif%3Fa', 404],
    ['GET', '/constructor', 404],
  ])('answers %s %s with %i', async (method, path, statusCode) => {
    expect(await statusOf(await start(await embeddedFlags()), path, { method })).toBe(statusCode)
  })

  test('ends delayed answers when it is closed', async () => {
    const server = await startServer(await embeddedFlags(), { delayMs: [60_000, 60_000] })
    const waiting = request(server.origin, { headers: expectContinue }).end()
    await once(waiting, 'continue')
    const failed = once(waiting, 'error')
    await server.close()
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' })
  })
})

test('closing a server ends connections whose request is not whole', async () => {
  const server = await startServer(await embeddedFlags())
  const socket = connect(Number(new URL(server.origin).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write('GET /')
  await once(socket, 'connect')
  // Connections are accepted in their order.
  await statusOf(server.origin, '/')
  const closed = once(socket, 'close')
  await server.close()
  await closed
})

describe('faults', () => {
  const draw = (seed: number) => {
    const next = faultSequence({ delayMs: [500, 5000], errorRate: 0.25 }, seed)
    return Array.from({ length: 1000 }, next)
  }

  test('are determined by a seed', () => {
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
    const first = faultSequence({ delayMs: [0, 1000], errorRate: 0.003 }, 1)()
    expect(first).toEqual({ delayMs: 627.0739405881613, isTeapot: true })
  })

  test('keep to their range and rate', () => {
    const faults = draw(1)
    expect(faults.every(({ delayMs }) => delayMs >= 500 && delayMs <= 5000)).toBe(true)
    const teapots = faults.filter(({ isTeapot }) => isTeapot).length
    expect(teapots).toBeGreaterThan(200)
    expect(teapots).toBeLessThan(300)
  })

  test('differ from server to server without a seed', () => {
    const draws = [0, 1].map(() => faultSequence({ delayMs: [0, 5000] })().delayMs)
    expect(new Set(draws).size).toBe(2)
  })

  test('do not happen without options', () => {
    expect(faultSequence({})()).toEqual({ delayMs: 0, isTeapot: false })
  })
})

const ipv6Hosts: [string, string, number][] = [
  ['::1', '[::1]', 200],
  ['::1', '[::1]:80', 200],
  ['::1', '127.0.0.1', 421],
  ['::', '127.0.0.1', 200],
  ['::', '127.0.0.2', 421],
]

describe('a server', () => {
  const flag = '/flags/br/br.gif'

  test.each([
    [405, 'Method Not Allowed', { method: 'POST' }, {}],
    [418, "I'm a teapot", {}, { errorRate: 1 }],
    [421, 'Misdirected Request', { headers: { host: 'example.org' } }, {}],
    [429, 'Too Many Requests', {}, { rejectAbove: 0 }],
    [404, 'Not Found', { path: '/flags/xx/xx.gif' }, {}],
    [404, 'Not Found', { path: '/%' }, {}],
    [503, 'Service Unavailable', { path: '/unreadable' }, {}],
  ])('says %i %s in the status line and in the body', async (status, reason, given, options) => {
    const flags = await embeddedFlags()
    const open: Resources['open'] = async (path) => {
      if (path === '/unreadable') throw new Error('too many open files')
      return flags.open(path)
    }
    const { hostname, port } = new URL(await start({ ...flags, open }, options))
    const sent = request({ hostname, port, path: flag, ...given }).end()
    const [response] = await once(sent, 'response')
    const body = (await response.setEncoding('utf8').toArray()).join('')
    expect([response.statusCode, response.statusMessage]).toEqual([status, reason])
    expect(body).toBe(`${status} ${reason}\n`)
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(response.headers.allow).toBe(status === 405 ? 'GET, HEAD' : undefined)
  })

  /** A resource that is large or breaks off, with what happened to it. */
  function largeResource({ chunks = Number.POSITIVE_INFINITY }) {
    const seen = { bytesRead: 0, isClosed: false }
    const large: Representation = {
      contentType: 'image/gif',
      etag: '"x"',
      bytes: 3_000_000_000,
      async *body() {
        for (let index = 0; index < chunks; index++) {
          seen.bytesRead += 65_536
          yield new Uint8Array(65_536)
        }
        throw new Error('the disk fails')
      },
      close: async () => {
        seen.isClosed = true
      },
    }
    return { seen, resources: { list: async () => [], open: async () => large } }
  }

  test('streams a large file no further than the client reads, and reads nothing for HEAD', async () => {
    const { seen, resources } = largeResource({})
    const origin = await start(resources)
    const head = await fetch(origin, { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe('3000000000')
    expect(seen.bytesRead).toBe(0)
    const { body } = await fetch(origin)
    const reader = body?.getReader()
    await reader?.read()
    // What the buffers of two sockets take.
    expect(seen.bytesRead).toBeLessThan(30_000_000)
    await reader?.cancel()
  })

  test('cuts off a file that cannot be read to its end, and closes it', async () => {
    const { seen, resources } = largeResource({ chunks: 10 })
    const { body } = await fetch(await start(resources))
    await expect(new Response(body).arrayBuffer()).rejects.toThrow()
    expect(seen).toEqual({ bytesRead: 655_360, isClosed: true })
  })

  test('does not keep the process running after unref', async () => {
    const listening = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length
    const server = await startServer(await embeddedFlags())
    const before = listening()
    server.unref()
    expect(listening()).toBe(before - 1)
    await server.close()
  })

  test('reports each response when it has ended', async () => {
    const ended: unknown[] = []
    const origin = await start(await embeddedFlags(), {
      onResponse: ({ url }, { statusCode }) => ended.push([url, statusCode]),
    })
    await statusOf(origin, flag)
    await statusOf(origin, '/none')
    expect(ended[0]).toEqual([flag, 200])
  })

  test('answers a client of HTTP/1.0, which sends no Host', async () => {
    const socket = connect(Number(new URL(await start(await embeddedFlags())).port), '127.0.0.1')
    socket.write(`HEAD ${flag} HTTP/1.0\r\n\r\n`)
    expect((await socket.setEncoding('latin1').toArray()).join('')).toMatch(/^HTTP\/1.1 200 OK/)
  })
})

test.each([
  ['127.0.0.1', '127.0.0.1', 200],
  ['127.0.0.1', '127.0.0.1:8000', 200],
  ['127.0.0.1', 'localhost', 200],
  ['127.0.0.1', 'LOCALHOST:1', 200],
  ['127.0.0.1', 'flags.test', 200],
  ['127.0.0.1', 'FLAGS.TEST:80', 200],
  ['127.0.0.1', 'example.org', 421],
  ['127.0.0.1', 'evil.localhost', 421],
  ['127.0.0.1', '127.0.0.2', 421],
  ['127.0.0.1', ':80', 421],
  ['127.0.0.1', '127.0.0.1]', 421],
  ['127.0.0.1', '[::1]', 421],
  ['LOCALHOST', '127.0.0.1', 200],
  ['0.0.0.0', '127.0.0.1:80', 200],
  ['0.0.0.0', '127.0.0.2', 421],
  ...(hasIPv6 ? ipv6Hosts : []),
])('a server on %s answers a request whose Host is %s with %i', async (host, name, statusCode) => {
  const allowedHosts = ['Flags.test']
  const { port } = new URL(await start(await embeddedFlags(), { host, allowedHosts }))
  const origin = `http://${host === '::1' ? '[::1]' : '127.0.0.1'}:${port}`
  expect(await statusOf(origin, '/flags/br/br.gif', { host: name })).toBe(statusCode)
})
