import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { RequestObserver } from '../../src/http/request.js'
import { getFrom, said, testConnections } from '../helpers/get-from.js'
import {
  type Answer,
  body,
  cutAfter,
  ends,
  head,
  redirect,
  rudeServer,
  sends,
  whole,
} from '../helpers/rude-server.js'

/** A server that answers the first request of each connection, and breaks the connection at the next one. */
async function breakingServer(breakOff: (socket: Socket) => void, first = whole) {
  let requests = 0
  const server = createServer((socket) => {
    let onConnection = 0
    socket.on('error', () => {})
    socket.on('data', () => {
      requests += 1
      onConnection += 1
      if (onConnection === 1) first(socket, 'AA')
      else breakOff(socket)
    })
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}/`, requests: () => requests }
}

test.each(['end', 'resetAndDestroy'] as const)(
  'a request on a reused connection that ends (%s) before its response is sent again on a new one',
  async (end) => {
    const { url, requests } = await breakingServer((socket) => void socket[end]())
    const connections = testConnections()
    expect(said(await getFrom(url, { connections }))).toMatch(/^200 GIF89a/)
    expect(said(await getFrom(url, { connections }))).toMatch(/^200 GIF89a/)
    expect(requests()).toBe(3)
  },
)

test.each(['H', head('103 X'), 'HTTP/1.1 200 OK\r\nCont', head('200 OK', 'Content-Length: 1')])(
  'a request whose response has begun (%j) is not sent again',
  async (start) => {
    const { url, requests } = await breakingServer((socket) => void socket.end(start))
    const connections = testConnections()
    await getFrom(url, { connections })
    expect(said(await getFrom(url, { connections }))).toMatch(/^connection closed/)
    expect(requests()).toBe(2)
  },
)

test('a request on a new connection is not sent again', async () => {
  const { url, requests } = await rudeServer({ AA: [ends()] })
  expect(said(await getFrom(`${url}/aa.gif`))).toMatch(/^connection closed/)
  expect(requests('AA')).toBe(1)
})

test.each(['204', '304'])(
  'a %s with a Content-Length keeps its connection open',
  async (status) => {
    const answer = sends(head(`${status} X`, 'ETag: "1"', 'Content-Length: 99'))
    const { url, requests } = await breakingServer((socket) => void socket.end(), answer)
    const connections = testConnections()
    for (const _ of [1, 2]) {
      const result = await getFrom(url, { connections })
      expect(said(result)).toBe(status)
      expect(result).toMatchObject({ response: { headers: { etag: '"1"' } } })
    }
    // The second was sent on the same connection, and again on another one.
    expect(requests()).toBe(3)
  },
)

test('forty requests at once are answered by a server that resets the second one of each connection', async () => {
  const { url } = await breakingServer((socket) => void socket.resetAndDestroy())
  const connections = testConnections()
  const results = await Promise.all(Array.from({ length: 40 }, () => getFrom(url, { connections })))
  for (const result of results) expect(said(result)).toMatch(/^200 GIF89a/)
})

const sent = ['connecting to aa.gif as test', 'sent on a new connection']
const sentAgain = ['connecting to aa.gif as test', 'sent on a reused connection']

test.each<[string, Answer[], string[]]>([
  ['a body', [body('flag')], [...sent, '200', '4 bytes']],
  ['an empty body', [body('')], [...sent, '200', '0 bytes']],
  ['no body', [sends(head('204 X'))], [...sent, '204', '0 bytes']],
  [
    'an error page',
    [sends(`${head('404 X', 'Content-Length: 2')}no`)],
    [...sent, '404', '2 bytes'],
  ],
  ['a body that is too large', [body('flags')], [...sent, '200']],
  ['a body that is cut', [cutAfter('f', 'Content-Length: 4')], [...sent, '200']],
  ['no response', [ends()], sent],
  [
    'a redirect, and a reused connection that ends',
    [redirect('?'), ends(), body('flag')],
    [...sent, '302', '0 bytes', ...sentAgain, ...sent, '200', '4 bytes'],
  ],
])('an observer sees each step of a GET with %s', async (_name, answers, expected) => {
  const seen: string[] = []
  const observer: RequestObserver = {
    connecting: (url, { from }) =>
      void seen.push(`connecting to ${/\w+\.gif/.exec(url)} as ${from}`),
    sent: ({ isReused }) => void seen.push(`sent on a ${isReused ? 'reused' : 'new'} connection`),
    responded: (statusCode) => void seen.push(`${statusCode}`),
    received: (bytes) => void seen.push(`${bytes} bytes`),
  }
  const server = await rudeServer({ AA: answers })
  const connections = testConnections({ nextRequest: { observer: undefined } })
  const headers = { from: 'test' }
  await getFrom(`${server.url}/aa.gif`, { connections, observer, headers, maxBytes: 4 })
  expect(seen).toEqual(expected)
})

test('a body of a hundred thousand pieces arrives whole', async () => {
  const chunks = '1\r\nx\r\n'.repeat(100_000)
  const { url } = await rudeServer({
    AA: [sends(`${head('200 OK', 'Transfer-Encoding: chunked')}${chunks}0\r\n\r\n`)],
  })
  expect(said(await getFrom(`${url}/aa.gif`))).toBe(`200 ${'x'.repeat(100_000)}`)
})

test('a request that waits for a connection is not sent after it was aborted', async () => {
  const connections = testConnections()
  const stop = new AbortController()
  let answer = () => {}
  const { url, requests } = await rudeServer({
    AA: [
      (socket, code) => {
        answer = () => whole(socket, code)
        stop.abort(new Error('enough'))
      },
    ],
  })
  const first = getFrom(`${url}/aa.gif`, { connections })
  const waiting = getFrom(`${url}/bb.gif`, { connections, signal: stop.signal })
  await expect(waiting).rejects.toThrow('enough')
  answer()
  expect(said(await first)).toMatch(/^200/)
  expect(said(await getFrom(`${url}/cc.gif`, { connections }))).toMatch(/^200/)
  expect(requests('BB')).toBe(0)
})

test('a redirect that is aborted waits for no connection', async () => {
  const connections = testConnections()
  const stop = new AbortController()
  const busy = await rudeServer({ AA: [() => {}] })
  const { url } = await rudeServer({ AA: [redirect(`${busy.url}/aa.gif`)] })
  void getFrom(`${busy.url}/aa.gif`, { connections })
  const onResponse = () => stop.abort(new Error('enough'))
  const redirected = getFrom(`${url}/aa.gif`, { connections, onResponse, signal: stop.signal })
  await expect(redirected).rejects.toThrow('enough')
})
