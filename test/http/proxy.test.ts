import { expect, test } from 'vitest'
import { proxiesFrom, proxyFor } from '../../src/http/proxy.js'

test.each<[NodeJS.ProcessEnv, string | undefined, string | undefined]>([
  [{}, undefined, undefined],
  [{ HTTP_PROXY: '' }, undefined, undefined],
  [{ HTTP_PROXY: 'http://p:1' }, 'http://p:1/', 'http://p:1/'],
  [{ HTTP_PROXY: 'p:1' }, 'http://p:1/', 'http://p:1/'],
  [{ HTTPS_PROXY: 'p:1' }, undefined, 'http://p:1/'],
  [{ https_proxy: 'p:1', HTTPS_PROXY: 'q:2' }, undefined, 'http://p:1/'],
  [{ ALL_PROXY: 'p:1' }, 'http://p:1/', 'http://p:1/'],
  [{ HTTP_PROXY: 'p:1', HTTPS_PROXY: 'q:2', ALL_PROXY: 'r:3' }, 'http://p:1/', 'http://q:2/'],
  [{ http_proxy: 'p:1', HTTP_PROXY: 'q:2' }, 'http://p:1/', 'http://p:1/'],
  [{ http_proxy: '', HTTP_PROXY: 'q:2' }, undefined, undefined],
  [{ all_proxy: 'https://p/path' }, 'https://p/', 'https://p/'],
  [{ HTTP_PROXY: 'http://me:%73ecret@p' }, 'http://me:%73ecret@p/', 'http://me:%73ecret@p/'],
  [{ HTTP_PROXY: 'http://me@p' }, 'http://me@p/', 'http://me@p/'],
  [{ HTTP_PROXY: 'http://socks:1/?a#b' }, 'http://socks:1/', 'http://socks:1/'],
])('%j means %s for http and %s for https', (env, http, https) => {
  const proxies = proxiesFrom(env)
  expect(proxyFor(new URL('http://h/'), proxies)).toBe(http)
  expect(proxyFor(new URL('https://h/'), proxies)).toBe(https)
})

test.each([
  ['h', 'http://h/', true],
  ['H', 'http://h/', true],
  ['*', 'http://h/', true],
  ['', 'http://h/', false],
  ['a, h', 'http://h/', true],
  ['a h', 'http://h/', true],
  ['h', 'http://sub.h/', true],
  ['sub.h', 'http://sub.h/', true],
  ['.h', 'http://sub.h/', true],
  ['*.h', 'http://sub.h/', true],
  ['h', 'http://oh/', false],
  ['sub.h', 'http://h/', false],
  ['.', 'http://h./', false],
  ['a,,b', 'http://h./', false],
  ['h:x', 'http://h/', false],
  ['h:80', 'http://h/', true],
  ['sub.h:443', 'https://sub.h/', true],
  ['h:80', 'https://h/', false],
  ['h:81', 'http://h:81/', true],
  ['h:81', 'http://h/', false],
  ['127.0.0.1', 'http://127.0.0.1:8000/', true],
  ['::1', 'http://[::1]/', true],
  ['[::1]', 'http://[::1]:8/', true],
  ['[::1]:8', 'http://[::1]:8/', true],
  ['[::1]:9', 'http://[::1]:8/', false],
  ['::1', 'http://[::2]/', false],
  ['[127.0.0.1', 'http://127.0.0.1/', false],
])('NO_PROXY=%s makes requests to %s direct: %s', (NO_PROXY, url, isDirect) => {
  const proxies = proxiesFrom({ HTTP_PROXY: 'p', NO_PROXY })
  expect(proxyFor(new URL(url), proxies)).toBe(isDirect ? undefined : 'http://p/')
  const lowerCase = proxiesFrom({ HTTP_PROXY: 'p', no_proxy: NO_PROXY, NO_PROXY: 'other' })
  expect(proxyFor(new URL(url), lowerCase)).toBe(isDirect ? undefined : 'http://p/')
})

test.each([
  ['ftp://h', 'give the URL of a proxy, http://host:port'],
  ['http://', 'give the URL of a proxy, http://host:port'],
  ['not a proxy', 'give the URL of a proxy, http://host:port'],
  ['http://me:secret%4@h', 'give the URL of a proxy, http://host:port'],
  ['http://me%:secret@h', 'give the URL of a proxy, http://host:port'],
  ['socks5://me:secret@h', 'SOCKS proxies are not supported; give http://host:port'],
  ['SOCKS4://h', 'SOCKS proxies are not supported; give http://host:port'],
])('HTTP_PROXY=%s is refused without showing its value', (HTTP_PROXY, hint) => {
  const message = `invalid HTTP_PROXY: ${hint}`
  expect(() => proxiesFrom({ HTTP_PROXY })).toThrow(
    expect.objectContaining({ name: 'UsageError', message }),
  )
})
