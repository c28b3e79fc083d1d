import { readFile } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { describe, expect, test } from 'vitest'
import { answerGif, flagServer } from '../../helpers/flag-server.js'
import { has } from '../../helpers/needs.js'
import { startProxy } from '../../helpers/proxy.js'
import { jsonLines } from '../../helpers/run-flags.js'
import { runMain } from '../../helpers/run-main.js'
import { namesIn, tempFolder } from '../../helpers/temp-folder.js'

async function download(server: string, env: NodeJS.ProcessEnv, ...args: string[]) {
  const cwd = await tempFolder()
  const ended = await runMain(['download', '--json', '-s', server, ...args], { cwd, env })
  const [flag] = jsonLines(ended.stdout)
  return { ...ended, flag }
}

/** A server that keeps the headers it received. */
async function listeningServer() {
  const seen: IncomingHttpHeaders[] = []
  const server = await flagServer((request, response) => {
    seen.push(request.headers)
    answerGif(request, response)
  })
  return { ...server, seen }
}

describe.runIf(has('tinyproxy'))('a proxy', () => {
  test.each(['http_proxy', 'HTTP_PROXY'])('from %s passes requests on', async (variable) => {
    const [proxy, server] = [await startProxy(), await listeningServer()]
    const { exitCode } = await download(server.url, { [variable]: `http://${proxy.host}` })
    expect(exitCode).toBe(0)
    expect(proxy.requests()).toHaveLength(20)
    expect(proxy.requests()).toContain(`GET ${server.url}/br/br.gif HTTP/1.1`)
    expect(server.seen).toHaveLength(20)
    for (const { via } of server.seen) expect(via).toContain('tested')
  })

  test('is not used for a host of NO_PROXY', async () => {
    const [proxy, server] = [await startProxy(), await listeningServer()]
    const env = { HTTP_PROXY: proxy.host, NO_PROXY: 'example.org, 127.0.0.1' }
    const { exitCode } = await download(server.url, env, 'BR')
    expect(exitCode).toBe(0)
    expect(proxy.requests()).toEqual([])
    expect(server.seen).toHaveLength(1)
  })

  test('gets the credentials', async () => {
    const proxy = await startProxy('BasicAuth someone secret')
    const { url } = await flagServer()
    const env = { HTTP_PROXY: `http://someone:%73ecret@${proxy.host}` }
    expect(await download(url, env, 'BR')).toMatchObject({ exitCode: 0 })
  })

  test('that requires authentication is named in the failure', async () => {
    const proxy = await startProxy('BasicAuth someone secret')
    const env = { HTTP_PROXY: proxy.host, HTTPS_PROXY: proxy.host }
    for (const [server, reason] of [
      ['http://127.0.0.1:1', ''],
      ['https://127.0.0.1:1', ': CONNECT refused'],
    ] as const) {
      const { flag } = await download(server, env, 'BR')
      const message = `407 Proxy Authentication Required${reason}, through the proxy ${proxy.host}`
      expect(flag).toMatchObject({
        attempts: 1,
        failure: { kind: 'http', statusCode: 407, message },
      })
    }
  })

  test('that refuses a tunnel is named in the failure', async () => {
    const proxy = await startProxy('ConnectPort 443')
    const env = { HTTPS_PROXY: proxy.host }
    const { stderr, exitCode } = await download('https://127.0.0.1:1', env, 'BR')
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`403 Forbidden: CONNECT refused, through the proxy ${proxy.host}\n`)
  })
})

/** Nothing listens on it: it is none of the ports that the system gives to servers. */
const nowhere = '127.0.0.1:1'

describe('a proxy from the environment', () => {
  test('is not used for the embedded server', async () => {
    for (const HTTP_PROXY of [nowhere, 'ftp://']) {
      expect(await download('local', { HTTP_PROXY }, 'BR')).toMatchObject({ exitCode: 0 })
    }
  })

  test.each(['http', 'https'])('that cannot be reached for %s is named', async (protocol) => {
    const env = { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere }
    const args = ['BR', '--retries=1']
    const { flag, exitCode } = await download(`${protocol}://example.org`, env, ...args)
    expect(exitCode).toBe(1)
    const message = `connection to the proxy refused (ECONNREFUSED; check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY), through the proxy ${nowhere}`
    const failure = { kind: 'network', code: 'ECONNREFUSED', message }
    expect(flag).toMatchObject({ attempts: 2, failure })
  })

  test.each([
    ['ALL_PROXY', 'socks5://me:secret@h:1', 'SOCKS proxies are not supported; give'],
    ['https_proxy', 'http://me:secret@:8080', 'give the URL of a proxy,'],
  ])('%s=%s is a usage error that names the variable', async (variable, value, reason) => {
    const cwd = await tempFolder()
    const args = ['download', '-s', 'https://example.org', 'BR']
    const stderr = `error: invalid ${variable}: ${reason} http://host:port\n`
    const ended = await runMain(args, { cwd, env: { [variable]: value } })
    expect(ended).toEqual({ stdout: '', stderr, exitCode: 2 })
    expect(await namesIn(cwd)).toEqual([])
  })
})

test('servers get the name of the program', async () => {
  const { name, version } = JSON.parse(await readFile('package.json', 'utf8'))
  const { url, seen } = await listeningServer()
  await download(url, {}, 'BR')
  expect(seen[0]?.['user-agent']).toBe(`${name}/${version} Node.js/${process.versions.node}`)
})
