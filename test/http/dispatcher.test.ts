import { describe, expect, test } from 'vitest'
import { flagServer } from '../helpers/flag-server.js'
import { getFrom, said, testConnections } from '../helpers/get-from.js'
import { type Answer, ends, redirect, rudeServer, sends, whole } from '../helpers/rude-server.js'

test('connections are kept, as many as allowed, until they are destroyed', async () => {
  const { url, ...server } = await flagServer()
  const connections = testConnections({ connections: 2 })
  const get = () => getFrom(`${url}/aa.gif`, { connections })
  await Promise.all(Array.from({ length: 8 }, get))
  await get()
  expect(server.requests).toHaveLength(9)
  expect(server.connections()).toBe(2)
  await connections.destroy()
  expect(said(await get())).toMatch(/destroyed/)
})

test('a request has the given header fields and the name of the program', async () => {
  const { url, received } = await rudeServer({})
  await getFrom(`${url}/aa.gif`, { headers: { accept: 'image/gif' } })
  expect(received[0]).toMatch(/\r\nuser-agent: test\r\naccept: image\/gif\r\n/)
})

/** Connections through a proxy that gives these answers to CONNECT, or to requests for AA. */
async function proxied(...answers: Answer[]) {
  const proxy = await rudeServer({ '': answers, AA: answers })
  const through = (user = '', options = {}) => {
    const url = proxy.url.replace('//', `//${user}`)
    return testConnections({ proxies: { http: url, https: url, except: '' }, ...options })
  }
  return { ...proxy, through }
}

describe('a proxy', () => {
  test.each([
    ['', undefined],
    ['me:%73ecret%3A@', 'me:secret:'],
    ['me:@', 'me:'],
    [':secret@', ':secret'],
  ])('with the user %j gets the credentials %s', async (user, credentials) => {
    const { received, through } = await proxied(
      ends('HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n'),
    )
    const connections = through(user)
    for (const protocol of ['http', 'https']) {
      await getFrom(`${protocol}://example.org/aa.gif`, { connections })
    }
    expect(received[0]).toMatch(/^GET http:\/\/example\.org\/aa\.gif HTTP\/1\.1\r\n/)
    expect(received[1]).toMatch(/^CONNECT example\.org:443 HTTP\/1\.1\r\n/)
    for (const request of received) {
      const [, token] = /\r\nproxy-authorization: Basic (.*?)\r\n/.exec(request) ?? []
      expect(token && atob(token)).toBe(credentials)
    }
  })

  test('gets the host of each redirect, on one connection', async () => {
    const { received, through } = await proxied(redirect('http://two.example/bb.gif'), whole)
    await getFrom('http://one.example/aa.gif', { connections: through() })
    const hosts = received.map((request) => /\r\nhost: (.*?)\r\n/.exec(request)?.[1])
    expect(hosts).toEqual(['one.example', 'two.example'])
  })

  const refusal = sends('HTTP/1.1 103 X\r\n\r\nHTTP/1.1 300 No\r\n\r\n')

  const tunnel = [sends('HTTP/1.1 299 Fine\r\n\r\n'), ends('no TLS')]

  test.each<[string, Answer[], RegExp]>([
    ['hangs up', [ends()], /^connection closed .*, through the proxy /],
    ['refuses a tunnel', [refusal], /^300 Multiple Choices: CONNECT refused, through the proxy /],
    ['makes a tunnel with any 2xx status', tunnel, /^TLS handshake failed/],
  ])('that %s is asked once', async (_name, answers, message) => {
    const { received, through } = await proxied(...answers)
    expect(said(await getFrom('https://example.org/', { connections: through() }))).toMatch(message)
    expect(received.filter((text) => text.startsWith('CONNECT'))).toHaveLength(1)
  })

  test('that refuses a tunnel keeps no connection', async () => {
    let closed: Promise<unknown> | undefined
    const { through } = await proxied((socket, code) => {
      closed = new Promise((resolve) => socket.once('close', resolve))
      refusal(socket, code)
    })
    await getFrom('https://example.org/', { connections: through() })
    await closed
  })

  test('that does not answer blocks no connection for longer than the time limit', async () => {
    const { through } = await proxied(() => {}, refusal)
    const connections = through('', { timeoutMs: 99.5 })
    const first = await getFrom('https://example.org/', { connections, timeoutMs: 50 })
    expect(said(first)).toMatch(/^no complete response within 50 ms, through the proxy /)
    expect(said(await getFrom('https://example.org/', { connections }))).toMatch(/^300 /)
  })
})
