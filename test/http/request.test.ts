import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { getFrom, said, testConnections } from '../helpers/get-from.js'
import { ends, rudeServer, whole } from '../helpers/rude-server.js'

/** A server that answers the first request of each connection, and breaks it at the next one. */
async function breakingServer(breakOff: 'end' | 'resetAndDestroy' | 'partial') {
  let requests = 0
  const server = createServer((socket) => {
    let onConnection = 0
    socket.on('error', () => {})
    socket.on('data', () => {
      requests += 1
      onConnection += 1
      if (onConnection === 1) whole(socket, 'AA')
      else if (breakOff === 'partial') socket.end('HTTP/1.1 200 OK\r\nCont')
      else socket[breakOff]()
    })
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}/`, requests: () => requests }
}

test.each(['end', 'resetAndDestroy'] as const)(
  'a request on a reused connection that ends (%s) before its response is sent again on a new one',
  async (breakOff) => {
    const { url, requests } = await breakingServer(breakOff)
    const connections = testConnections()
    expect(said(await getFrom(url, { connections }))).toMatch(/^200 GIF89a/)
    expect(said(await getFrom(url, { connections }))).toMatch(/^200 GIF89a/)
    expect(requests()).toBe(3)
  },
)

test('a request whose response has begun is not sent again', async () => {
  const { url, requests } = await breakingServer('partial')
  const connections = testConnections()
  await getFrom(url, { connections })
  expect(said(await getFrom(url, { connections }))).toMatch(/^connection closed/)
  expect(requests()).toBe(2)
})

test('a request on a new connection is not sent again', async () => {
  const { url, requests } = await rudeServer({ AA: [ends()] })
  expect(said(await getFrom(`${url}/aa.gif`))).toMatch(/^connection closed/)
  expect(requests('AA')).toBe(1)
})

test('forty requests at once are answered by a server that resets the second one of each connection', async () => {
  const { url } = await breakingServer('resetAndDestroy')
  const connections = testConnections()
  const results = await Promise.all(Array.from({ length: 40 }, () => getFrom(url, { connections })))
  for (const result of results) expect(said(result)).toMatch(/^200 GIF89a/)
})
