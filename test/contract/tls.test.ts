import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createAuthority, selfSigned } from '../helpers/certificates.js'
import { answerGif, flagServer } from '../helpers/flag-server.js'
import { has } from '../helpers/needs.js'
import { startProxy } from '../helpers/proxy.js'
import { jsonLines, runFlags } from '../helpers/run-flags.js'
import { runMain } from '../helpers/run-main.js'
import { tempFolder } from '../helpers/temp-folder.js'

/** Node.js reads NODE_EXTRA_CA_CERTS when it starts; without it, a run needs no process of its own. */
async function download(server: string, env: NodeJS.ProcessEnv = {}) {
  const args = ['download', 'BR', '--json', '--timeline', 'run.json', '--server', server]
  const cwd = await tempFolder()
  const run = env.NODE_EXTRA_CA_CERTS ? runFlags : runMain
  const ended = await run(args, { cwd, env })
  const [flag] = jsonLines(ended.stdout)
  const timeline = JSON.parse(await readFile(join(cwd, 'run.json'), 'utf8'))
  return { ...ended, flag, connecting: timeline.flags[0].phases[1] }
}

describe.runIf(has('openssl'))('a server that speaks TLS', () => {
  test('is trusted with NODE_EXTRA_CA_CERTS, and without it the failure says what is wrong', async () => {
    const authority = await createAuthority()
    const server = await flagServer(answerGif, await authority.certify('IP:127.0.0.1', 2))
    const trusting = await download(server.url, { NODE_EXTRA_CA_CERTS: authority.file })
    expect(trusting).toMatchObject({ exitCode: 0, flag: { status: 'saved' } })
    expect(trusting.connecting.connection.tlsMs).toBeGreaterThan(0)

    const { exitCode, flag, stderr } = await download(server.url)
    expect(exitCode).toBe(1)
    expect(flag.failure).toMatchObject({ kind: 'network' })
    expect(stderr).toContain('the certificate authority is not trusted')
    expect(stderr).toContain('NODE_EXTRA_CA_CERTS')
  })

  test.each([
    ['IP:127.0.0.1', -1, 'the certificate has expired (CERT_HAS_EXPIRED)'],
    ['DNS:example.org', 2, 'the certificate is for another host (ERR_TLS_CERT_ALTNAME_INVALID)'],
  ])('with a certificate for %s of %i days fails at once: %s', async (name, days, message) => {
    const authority = await createAuthority()
    const server = await flagServer(answerGif, await authority.certify(name, days))
    const { flag, exitCode } = await download(server.url, { NODE_EXTRA_CA_CERTS: authority.file })
    expect(exitCode).toBe(1)
    expect(flag).toMatchObject({ attempts: 1, failure: { kind: 'network', message } })
    expect(server.requests).toEqual([])
  })

  test('with a self-signed certificate fails at once', async () => {
    const server = await flagServer(answerGif, await selfSigned('IP:127.0.0.1'))
    const { flag } = await download(server.url)
    const message = 'the certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)'
    expect(flag).toMatchObject({ attempts: 1, failure: { kind: 'network', message } })
  })

  test('a server without TLS fails at once at an https URL', async () => {
    const server = await flagServer()
    const { flag } = await download(server.url.replace('http:', 'https:'))
    const message = expect.stringMatching(/^TLS handshake failed \([A-Z_]+\)$/)
    expect(flag).toMatchObject({ attempts: 1, failure: { kind: 'network', message } })
  })

  test.runIf(has('tinyproxy'))('is reached through the tunnel of a proxy', async () => {
    const authority = await createAuthority()
    const server = await flagServer(answerGif, await authority.certify('IP:127.0.0.1', 2))
    const proxy = await startProxy()
    const env = { HTTPS_PROXY: proxy.host, NODE_EXTRA_CA_CERTS: authority.file }
    const { flag } = await download(server.url, env)
    expect(flag).toMatchObject({ status: 'saved' })
    expect(proxy.requests()).toEqual([`CONNECT ${new URL(server.url).host} HTTP/1.1`])

    const wrongHost = await flagServer(answerGif, await authority.certify('DNS:example.org', 2))
    const { failure } = (await download(wrongHost.url, env)).flag
    expect(failure).toMatchObject({ kind: 'network', code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  })
})
