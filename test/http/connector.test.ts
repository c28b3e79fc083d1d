import { Socket } from 'node:net'
import { buildConnector, Client } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import {
  type Connection,
  type Connector,
  type NextRequest,
  watched,
} from '../../src/http/connector.js'
import { selfSigned } from '../helpers/certificates.js'
import { answerGif, flagServer } from '../helpers/flag-server.js'
import { has } from '../helpers/needs.js'

const connectMs = 20

/** A connector that takes this long to connect, after the lookup and before TLS. */
function slowConnector(ca: Buffer): Connector {
  const connect = buildConnector({ ca })
  return (options, callback) => {
    const socket: unknown = connect(options, callback)
    if (!(socket instanceof Socket)) throw new TypeError('no socket')
    socket.once('connect', () => {
      const until = performance.now() + connectMs
      while (performance.now() <= until);
    })
    return socket
  }
}

test.runIf(has('openssl'))(
  'a connection has the times of its lookup and its TLS handshake, without that to connect',
  async () => {
    const identity = await selfSigned('DNS:localhost')
    const { url } = await flagServer(answerGif, identity)
    const nextRequest: NextRequest = { observer: undefined }
    const connect = watched(slowConnector(identity.cert), nextRequest)
    const client = new Client(url.replace('127.0.0.1', 'localhost'), { connect })
    onTestFinished(() => client.destroy())
    const startedAt = performance.now()
    const sent = new Promise<Connection & { elapsedMs: number }>((resolve) => {
      nextRequest.observer = {
        sent: (facts) => resolve({ ...facts, elapsedMs: performance.now() - startedAt }),
      }
    })
    const { body } = await client.request({ path: '/aa.gif', method: 'GET' })
    await body.dump()
    const { elapsedMs, dnsMs = 0, tlsMs = 0 } = await sent
    expect(dnsMs).toBeGreaterThan(0)
    expect(tlsMs).toBeGreaterThan(0)
    expect(dnsMs + tlsMs).toBeLessThanOrEqual(elapsedMs - connectMs)
  },
)
