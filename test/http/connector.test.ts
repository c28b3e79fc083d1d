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

/** A connector that waits in each connection, when it is made and before TLS, and then says so. */
function slowConnector(ca: Buffer, onConnected: () => void): Connector {
  const connect = buildConnector({ ca })
  return (options, callback) => {
    const socket: unknown = connect(options, callback)
    if (!(socket instanceof Socket)) throw new TypeError('no socket')
    socket.once('connect', () => {
      const until = performance.now() + 50
      while (performance.now() <= until);
      onConnected()
    })
    return socket
  }
}

test.runIf(has('openssl'))(
  'a connection has the times of its lookup and its TLS handshake, without that to connect',
  async () => {
    const identity = await selfSigned('DNS:localhost')
    const { url } = await flagServer(answerGif, identity)
    const seen: (Connection & { sinceConnectedMs: number })[] = []
    let connectedAt = 0
    const observer: NextRequest['observer'] = {
      sent: (facts) => seen.push({ ...facts, sinceConnectedMs: performance.now() - connectedAt }),
    }
    const nextRequest: NextRequest = { observer }
    const onConnected = () => {
      connectedAt = performance.now()
    }
    const connect = watched(slowConnector(identity.cert, onConnected), nextRequest)
    const client = new Client(url.replace('127.0.0.1', 'localhost'), { connect })
    onTestFinished(() => client.destroy())
    // Nobody observes the second request.
    for (const _ of [1, 2]) {
      const { body } = await client.request({ path: '/aa.gif', method: 'GET' })
      await body.dump()
    }
    const [{ dnsMs = 0, tlsMs = 0, sinceConnectedMs } = expect.fail(), ...others] = seen
    expect(dnsMs).toBeGreaterThan(0)
    expect(tlsMs).toBeGreaterThan(0)
    expect(tlsMs).toBeLessThanOrEqual(sinceConnectedMs)
    expect(others).toEqual([])
  },
)
