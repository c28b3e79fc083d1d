import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createTurn, maxHeaderBytes, readResponses } from '../../src/http/response-reader.js'
import { getFrom, said } from '../helpers/get-from.js'
import { type Answer, head, rudeServer, sends } from '../helpers/rude-server.js'

const flag = `${head('200 OK', 'Content-Length: 4')}flag`

/** What a GET says about this answer; its pieces arrive one by one. */
async function saidOf(...pieces: readonly (string | Buffer)[]) {
  const answer: Answer = async (socket) => {
    for (const piece of pieces) {
      socket.write(piece)
      // The client is in this process, and reads in the turn after the one that brings a piece.
      for (let turns = 0; turns < 4; turns++) await setImmediate()
    }
  }
  const { url } = await rudeServer({ AA: [answer] })
  return said(await getFrom(`${url}/aa.gif`, { timeoutMs: 5000 }))
}

const tooLarge = 'the response header is too large (UND_ERR_HEADERS_OVERFLOW)'
const malformed = 'malformed response (HTTPParserError)'

describe('a final response', () => {
  test.each([100, 102, 103, 110, 199])('follows interim responses of status %i', async (status) => {
    const plain = head(`${status} X`)
    const bare = `HTTP/1.0 ${status}\r\n\r\n`
    const withFields = head(`${status} X`, 'Link: </x>', 'Content-Length: 9')
    expect(await saidOf(plain + bare + withFields + flag)).toBe('200 flag')
    expect(await saidOf(plain, bare, withFields, flag)).toBe('200 flag')
    for (const at of [1, 8, 12, 14, plain.length - 1]) {
      expect(await saidOf(plain.slice(0, at), plain.slice(at) + flag), `cut at ${at}`).toBe(
        '200 flag',
      )
    }
  })

  test('may arrive byte by byte, after empty lines', async () => {
    expect(await saidOf(...`\r\n\n${flag}`)).toBe('200 flag')
  })

  test.each([
    ['\r\n\r\n', '\r\n'],
    ['\n\n', ''],
    ['\r\n\n', '\n'],
    ['\n\r\n', '\n\n'],
  ])(
    'follows an interim response that ends with %j, and the empty lines %j',
    async (end, lines) => {
      expect(await saidOf(`HTTP/1.1 103 X${end}${lines}${flag}`)).toBe('200 flag')
    },
  )

  test.each([
    [0, '200 flag'],
    [1, tooLarge],
  ])(
    'may have a header of the maximum size with what precedes it, plus %i bytes: %s',
    async (more, expected) => {
      const withFillers = (early: number, late: number) => [
        `\r\n${head('103 X', `A: ${'a'.repeat(early)}`)}\n`,
        head('200 OK', 'Content-Length: 4', `A: ${'a'.repeat(late)}`),
      ]
      const rest = maxHeaderBytes + more - withFillers(0, 0).join('').length
      for (const [before = '', header] of [withFillers(0, rest), withFillers(rest, 0)]) {
        const whole = `${before}${header}flag`
        for (const at of [0, 100, before.length]) {
          expect(await saidOf(whole.slice(0, at), whole.slice(at)), `cut at ${at}`).toBe(expected)
        }
      }
    },
  )

  test.each([
    [[' é'], 'b é'],
    [['\tc'], 'b c'],
    [['   \t c', '  \t', ' '], 'b c  '],
  ])('may have folded fields (%j)', async (lines, etag) => {
    const text = `${head('200 OK', 'ETag: b', ...lines, 'Content-Length: 4')}flag`
    const { url } = await rudeServer({ AA: [sends(Buffer.from(text, 'latin1'))] })
    const result = await getFrom(`${url}/aa.gif`)
    expect(result).toMatchObject({ response: { headers: { etag, 'content-length': '4' } } })
    expect(said(result)).toBe('200 flag')
  })

  test('has its body as it was sent, though it looks like a folded header', async () => {
    const body = 'a\r\n b\r\n\r\n\r\n c'
    expect(
      await saidOf(`${head('200 OK', 'A: b', ` c`, `Content-Length: ${body.length}`)}${body}`),
    ).toBe(`200 ${body}`)
  })
})

describe('a connection is given up', () => {
  test.each([
    ['at a status below 100', head('099 No', 'Content-Length: 0')],
    ['at the status 000', head('000 No')],
    ['at a switch of protocols', head('101 Switching', 'Upgrade: x', 'Connection: upgrade')],
    ['at a status of four digits', head('1000 X') + flag],
    ['at another protocol', 'SSH-2.0\r\n'],
    ['at another protocol without a line', '\x15\x03\x01\0\x02\x02F'],
  ])('%s', async (_name, answer) => {
    expect(await saidOf(answer)).toBe(malformed)
  })

  test.each([
    ['of interim responses', head('103 X').repeat(maxHeaderBytes / 16)],
    ['of an interim response', `HTTP/1.1 102 X\r\n${'A: b\r\n'.repeat(maxHeaderBytes / 5)}`],
    ['of fields', `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(maxHeaderBytes / 5)}`],
    ['of one field', `HTTP/1.1 404 No\r\nA: ${'b'.repeat(maxHeaderBytes)}`],
    ['of the reason', `HTTP/1.1 200 ${'x'.repeat(maxHeaderBytes)}`],
    ['of empty lines', '\r\n'.repeat(maxHeaderBytes)],
  ])('at a flood %s', async (_name, flood) => {
    expect(await saidOf(flood)).toBe(tooLarge)
    const half = flood.length / 2
    expect(await saidOf(flood.slice(0, half), flood.slice(half))).toBe(tooLarge)
  })

  test('at a flood of trailers', async () => {
    const body = `${head('200 OK', 'Transfer-Encoding: chunked')}4\r\nflag\r\n0\r\n`
    expect(await saidOf(`${body}A: ${'b'.repeat(maxHeaderBytes)}`)).toBe(tooLarge)
  })
})

/** A connection to a server that sends this. */
async function connectionTo(bytes: Buffer): Promise<Socket> {
  const server = createServer((peer) => void peer.on('error', () => {}).end(bytes)).listen(
    0,
    '127.0.0.1',
  )
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const socket = connect((server.address() as { port: number }).port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  return socket
}

describe('the event loop', () => {
  test('gets a turn after 10 ms of reading', async () => {
    const turn = createTurn()
    expect(turn.isOver()).toBe(false)
    const until = performance.now() + 10
    while (performance.now() <= until);
    expect(turn.isOver()).toBe(true)
    await setImmediate()
    expect(turn.isOver()).toBe(false)
  })

  test('gets a turn between reads of limited size, and nothing is lost', async () => {
    const sent = Buffer.alloc(100_000, 'flag')
    const socket = await connectionTo(sent)
    let reads = 0
    let maxReadsInTurn = 0
    readResponses(socket, { isOver: () => ++reads % 2 === 0 })
    const chunks: Buffer[] = []
    socket.on('readable', () => {
      const before = chunks.length
      for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) chunks.push(chunk)
      maxReadsInTurn = Math.max(maxReadsInTurn, chunks.length - before)
    })
    await once(socket, 'end')
    expect(Buffer.concat(chunks).equals(sent)).toBe(true)
    expect(Math.max(...chunks.map(({ length }) => length))).toBe(8192)
    expect(maxReadsInTurn).toBe(1)
  })

  test('reads nothing more from a connection that was given up', async () => {
    const socket = await connectionTo(Buffer.alloc(100_000))
    readResponses(socket, { isOver: () => false })
    await once(socket, 'readable')
    expect(socket.read()).not.toBeNull()
    socket.destroy()
    expect(socket.read()).toBeNull()
  })
})
