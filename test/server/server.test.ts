import { execFile } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { renameSync } from 'node:fs'
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { faultSequence } from '../../src/server/faults.js'
import {
  embeddedFlags,
  folderFiles,
  isNotModified,
  type Representation,
  type Resources,
} from '../../src/server/folder-files.js'
import { type ServerOptions, startServer } from '../../src/server/server.js'
import { tempFolder } from '../helpers/temp-folder.js'

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
    request({ hostname, port, path, method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .once('error', reject)
      .end()
  })
}

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
    // Node answers 100 Continue as soon as it has the request.
    const headers = { expect: '100-continue' }
    const requests = Array.from({ length: 8 }, () => request(origin, { headers }).end())
    const responses = requests.map((each) => once(each, 'response'))
    await Promise.all(requests.map((each) => once(each, 'continue')))
    expect(peak()).toBe(2)
    release()
    const statuses = (await Promise.all(responses)).map(([response]) => response.statusCode)
    expect(statuses).toEqual(Array(8).fill(404))
    expect(peak()).toBe(2)
  })

  test('gives the slot of a client that leaves to the next one, without its delay', async () => {
    const options = { capacity: 1, delayMs: [0, 600_000] as const }
    // The first delay is longer than any test, the second is short.
    const seed = Array.from({ length: 100_000 }, (_, each) => each).find((each) => {
      const next = faultSequence(options, each)
      return next().delayMs > 300_000 && next().delayMs < 50
    })
    const opened: string[] = []
    const open: Resources['open'] = async (path) => void opened.push(path)
    const origin = await start({ list: async () => [], open }, { ...options, seed })
    // Node answers 100 Continue as soon as it has the request.
    const headers = { expect: '100-continue' }
    const leaving = request(`${origin}/leaving`, { headers }).end()
    leaving.on('error', () => {})
    await once(leaving, 'continue')
    leaving.destroy()
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
    const any = await fetch(url, { headers: { 'if-none-match': '*' } })
    expect(any.status).toBe(304)
  })

  test('serves metadata', async () => {
    const origin = await start(await embeddedFlags())
    const response = await fetch(`${origin}/flags/br/metadata.json`)
    expect(await response.json()).toEqual({
      iso_cc: 'BR',
      country: 'Brazil',
      continent: 'South America',
    })
  })

  test('listens on loopback only', async () => {
    expect(await start(await embeddedFlags())).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  test.each([
    '/',
    '/flags/xx/xx.gif',
    '/flags/br/cn.gif',
    '/flags/br/../cn/cn.gif',
    '/../../../etc/passwd',
    '/flags/%2e%2e/%2e%2e/etc/passwd',
    '/%',
    '/constructor',
  ])('%s is not found', async (path) => {
    expect(await statusOf(await start(await embeddedFlags()), path)).toBe(404)
  })

  test('takes GET and HEAD, and nothing else', async () => {
    const origin = await start(await embeddedFlags())
    const path = '/flags/br/br.gif'
    expect(await statusOf(origin, path, { method: 'HEAD' })).toBe(200)
    expect(await statusOf(origin, path, { method: 'POST' })).toBe(405)
    expect(await statusOf(origin, path, { method: 'DELETE' })).toBe(405)
  })

  test('ends delayed answers when it is closed', async () => {
    const server = await startServer(await embeddedFlags(), { delayMs: [60_000, 60_000] })
    // Node answers 100 Continue as soon as it has the request.
    const headers = { expect: '100-continue' }
    const waiting = request(`${server.origin}/flags/br/br.gif`, { headers }).end()
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

  test('make every response a teapot at an error rate of 1', async () => {
    const origin = await start(await embeddedFlags(), { errorRate: 1 })
    expect(await statusOf(origin, '/flags/br/br.gif')).toBe(418)
  })
})

describe('a served folder', () => {
  test('gives its files and folders, and nothing outside', async () => {
    const outside = await tempFolder()
    await writeFile(join(outside, 'secret.txt'), 'secret')
    const root = await tempFolder()
    await mkdir(join(root, 'br'))
    await writeFile(join(root, 'br', 'br.gif'), 'flag')
    await writeFile(join(root, 'a b&c.gif'), 'flag')
    await writeFile(join(root, '.hidden'), 'secret')
    await symlink(join(outside, 'secret.txt'), join(root, 'link.txt'))
    const origin = await start(await folderFiles(root))

    expect(await statusOf(origin, '/br/br.gif')).toBe(200)
    expect(await statusOf(origin, '/a%20b&c.gif')).toBe(200)
    expect(await statusOf(origin, '/.hidden')).toBe(404)
    expect(await statusOf(origin, '/link.txt')).toBe(404)
    expect(await statusOf(origin, `/../${outside}/secret.txt`)).toBe(404)
  })

  test('gives the current file, and 304 while it is unchanged', async () => {
    const root = await tempFolder()
    const file = join(root, 'br.gif')
    await writeFile(file, 'one')
    const origin = await start(await folderFiles(root))
    const url = `${origin}/br.gif`
    const since = (await fetch(url)).headers.get('last-modified') ?? ''
    expect((await fetch(url, { headers: { 'if-modified-since': since } })).status).toBe(304)
    await writeFile(file, 'another')
    expect(await (await fetch(url)).text()).toBe('another')
  })
})

test('a list of files leaves out hidden files, links, and files beyond its limit', async () => {
  const root = await tempFolder()
  await mkdir(join(root, 'many'))
  await mkdir(join(root, '.hidden'))
  for (const name of ['a.gif', '.b.gif', '.hidden/c.gif']) await writeFile(join(root, name), '')
  await symlink('/', join(root, 'disk'))
  expect(await (await folderFiles(root)).list()).toEqual(['/a.gif'])
  for (const name of ['1', '2', '3']) await writeFile(join(root, 'many', name), '')
  expect(await (await folderFiles(root)).list(2)).toHaveLength(2)
})

describe('a folder that others change', () => {
  async function served() {
    const root = await tempFolder()
    const outside = await tempFolder()
    await writeFile(join(outside, 'br.gif'), 'secret')
    await mkdir(join(root, 'br'))
    await writeFile(join(root, 'br', 'br.gif'), 'flag')
    return { root, outside, origin: await start(await folderFiles(root)) }
  }

  test('gives nothing through a file or a folder that becomes a link', async () => {
    const { root, outside, origin } = await served()
    await rm(join(root, 'br', 'br.gif'))
    await symlink(join(outside, 'br.gif'), join(root, 'br', 'br.gif'))
    expect(await statusOf(origin, '/br/br.gif')).toBe(404)
    await rm(join(root, 'br'), { recursive: true })
    await symlink(outside, join(root, 'br'))
    expect(await statusOf(origin, '/br/br.gif')).toBe(404)
  })

  test('gives nothing through a folder that is a link at times', async () => {
    const { root, outside, origin } = await served()
    // At each turn of the event loop, so that it changes between any two checks of it.
    let isLink = false
    const change = () => {
      renameSync(join(root, 'br'), join(isLink ? outside : root, isLink ? '.link' : '.br'))
      if (isLink) renameSync(join(root, '.br'), join(root, 'br'))
      else renameSync(join(outside, '.link'), join(root, 'br'))
      isLink = !isLink
      timer = setImmediate(change)
    }
    await symlink(outside, join(outside, '.link'))
    let timer = setImmediate(change)
    onTestFinished(() => clearImmediate(timer))
    const bodies = new Set<string>()
    for (let index = 0; index < 200; index++) {
      bodies.add(await (await fetch(`${origin}/br/br.gif`)).text())
    }
    expect([...bodies].sort()).toEqual(['404 Not Found\n', 'flag'])
  })

  test('has no file in place of a folder or a named pipe', async () => {
    const { root, origin } = await served()
    await promisify(execFile)('mkfifo', [join(root, 'pipe.gif')])
    expect(await statusOf(origin, '/pipe.gif')).toBe(404)
    expect(await statusOf(origin, '/br')).toBe(404)
    expect(await statusOf(origin, '/br/')).toBe(404)
  })

  test('streams large files no further than the client reads, and reads nothing for HEAD', async () => {
    const { root } = await served()
    await truncate(join(root, 'br', 'br.gif'), 3_000_000_000)
    let bytesRead = 0
    const files = await folderFiles(root)
    const open: Resources['open'] = async (path) => {
      const file = await files.open(path)
      if (!file) return undefined
      return {
        ...file,
        async *body() {
          for await (const chunk of file.body()) {
            bytesRead += chunk.length
            yield chunk
          }
        },
      }
    }
    const url = `${await start({ ...files, open })}/br/br.gif`
    const head = await fetch(url, { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe('3000000000')
    expect(bytesRead).toBe(0)
    const { body } = await fetch(url)
    const reader = body?.getReader()
    await reader?.read()
    // What the buffers of two sockets take.
    expect(bytesRead).toBeLessThan(30_000_000)
    await reader?.cancel()
  })
})

describe('a server', () => {
  const flag = '/flags/br/br.gif'

  test.each([
    [405, 'Method Not Allowed', { method: 'POST' }, {}],
    [418, "I'm a teapot", {}, { errorRate: 1 }],
    [421, 'Misdirected Request', { headers: { host: 'example.org' } }, {}],
    [429, 'Too Many Requests', {}, { rejectAbove: 0 }],
    [404, 'Not Found', { path: '/flags/xx/xx.gif' }, {}],
    [404, 'Not Found', { path: '/%' }, {}],
  ])('says %i %s in the status line and in the body', async (status, reason, given, options) => {
    const { hostname, port } = new URL(await start(await embeddedFlags(), options))
    const sent = request({ hostname, port, path: flag, ...given }).end()
    const [response] = await once(sent, 'response')
    const body = (await response.setEncoding('utf8').toArray()).join('')
    expect([response.statusCode, response.statusMessage]).toEqual([status, reason])
    expect(body).toBe(`${status} ${reason}\n`)
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(response.headers.allow).toBe(status === 405 ? 'GET, HEAD' : undefined)
  })

  test('says 503 where a file cannot be opened, and cuts off one that cannot be read', async () => {
    const broken: Representation = {
      contentType: 'image/gif',
      etag: '"x"',
      lastModified: undefined,
      bytes: 1_000_000,
      async *body() {
        yield new Uint8Array(500_000)
        throw new Error('the disk fails')
      },
      close: async () => {},
    }
    const origin = await start({
      list: async () => [],
      open: async (path) => (path === '/broken' ? broken : Promise.reject(new Error('too many'))),
    })
    expect(await statusOf(origin, '/any')).toBe(503)
    const { body } = await fetch(`${origin}/broken`)
    await expect(new Response(body).arrayBuffer()).rejects.toThrow()
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
  ['gif', 'image/gif'],
  ['html', 'text/html; charset=utf-8'],
  ['json', 'application/json'],
  ['png', 'image/png'],
  ['svg', 'image/svg+xml'],
  ['TXT', 'text/plain; charset=utf-8'],
  ['webp', 'image/webp'],
  ['bin', 'application/octet-stream'],
])('a .%s file is served as %s', async (extension, contentType) => {
  const root = await tempFolder()
  await writeFile(join(root, `a.${extension}`), 'x')
  const file = await (await folderFiles(root)).open(`/a.${extension}`)
  await file?.close()
  expect(file?.contentType).toBe(contentType)
})

test('a list of files is sorted, with the folders in the paths', async () => {
  const root = await tempFolder()
  await mkdir(join(root, 'a', 'b'), { recursive: true })
  for (const name of ['c.gif', 'a/z.gif', 'a/b/y.gif']) await writeFile(join(root, name), '')
  const files = await folderFiles(root, { prefix: '/p' })
  expect(await files.list()).toEqual(['/p/a/b/y.gif', '/p/a/z.gif', '/p/c.gif'])
  expect(await files.open('/q/c.gif')).toBeUndefined()
})

test('a file or nothing cannot be served as a folder', async () => {
  const file = join(await tempFolder(), 'file')
  await expect(folderFiles(file)).rejects.toMatchObject({ code: 'ENOENT' })
  await writeFile(file, '')
  await expect(folderFiles(file)).rejects.toMatchObject({ code: 'ENOTDIR' })
})

const changedAt = 'Sat, 01 Jan 2022 00:00:01 GMT'

test.each([
  ['its tag, weak or not', { 'if-none-match': '"a", W/"bW/c"' }, true],
  [
    'another tag, whatever the date',
    { 'if-none-match': '"bc"', 'if-modified-since': changedAt },
    false,
  ],
  ['any tag', { 'if-none-match': ' * ' }, true],
  ['the time of its change', { 'if-modified-since': changedAt }, true],
  ['an earlier time', { 'if-modified-since': 'Sat, 01 Jan 2022 00:00:00 GMT' }, false],
  ['no condition', {}, false],
])('a request with %s finds a representation unmodified: %j %s', (_, headers, isUnmodified) => {
  const lastModified = new Date(Date.parse(changedAt) + 999)
  const representation = { etag: '"bW/c"', lastModified } as Representation
  expect(isNotModified(headers, representation)).toBe(isUnmodified)
})

describe('the Host header', () => {
  test.each([
    ['127.0.0.1', 200],
    ['127.0.0.1:8000', 200],
    ['localhost', 200],
    ['LOCALHOST:1', 200],
    ['flags.test', 200],
    ['FLAGS.TEST:80', 200],
    ['example.org', 421],
    ['evil.localhost', 421],
    ['127.0.0.2', 421],
    ['[::1]', 421],
  ])('%s gets %i', async (host, statusCode) => {
    const origin = await start(await embeddedFlags(), { allowedHosts: ['Flags.test'] })
    expect(await statusOf(origin, '/flags/br/br.gif', { host })).toBe(statusCode)
  })
})
