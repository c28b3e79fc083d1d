import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decodeBody } from '../../src/http/decode-body.js'

const text = Buffer.from('flag '.repeat(9))
const never = new AbortController().signal
const responseOf = (body: Buffer, coding?: string) => ({
  statusCode: 200,
  headers: { 'content-encoding': coding },
  body,
  headersAt: 0,
})

test.each<[string | undefined, Buffer]>([
  [undefined, text],
  ['', text],
  ['identity', text],
  ['none', text],
  ['utf-8', text],
  ['gzip', gzipSync(text)],
  ['X-GZIP', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['deflate', deflateSync(text, { level: 0 })],
  ['deflate', deflateRawSync(text)],
  ['br', brotliCompressSync(text)],
  ['gzip, br', brotliCompressSync(gzipSync(text))],
  ['gzip,identity, gzip ,gzip', gzipSync(gzipSync(gzipSync(text)))],
])('a body with the coding %j is decoded', async (coding, body) => {
  const decoded = await decodeBody(responseOf(body, coding), text.length, never)
  expect(decoded).toEqual({ kind: 'decoded', body: text })
})

test.each<[string, Buffer, object]>([
  ['zip', text, { reason: 'unknown_coding', coding: 'zip' }],
  ['gzip, gzip, gzip, gzip', text, { reason: 'too_many_codings', max: 3 }],
  ['gzip', text, { reason: 'damaged' }],
  ['gzip', gzipSync(text).subarray(0, -9), { reason: 'damaged' }],
  ['br', gzipSync(text), { reason: 'damaged' }],
  [
    'gzip',
    gzipSync(Buffer.concat([text, Buffer.of(0)])),
    { reason: 'too_large', maxBytes: text.length },
  ],
  ['gzip', gzipSync(Buffer.alloc(50_000_000)), { reason: 'too_large', maxBytes: text.length }],
])(
  'a body with the coding %j that cannot be decoded is a failure (%#)',
  async (coding, body, problem) => {
    const decoded = await decodeBody(responseOf(body, coding), text.length, never)
    expect(decoded).toMatchObject({ kind: 'failed', problem })
  },
)

test("decoding ends with the signal's reason when it aborts", async () => {
  const stop = new AbortController()
  const bomb = gzipSync(Buffer.alloc(20_000_000))
  const decoding = decodeBody(responseOf(bomb, 'gzip'), 50_000_000, stop.signal)
  stop.abort(new Error('enough'))
  await expect(decoding).rejects.toThrow('enough')
})
