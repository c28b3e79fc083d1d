import { expect, onTestFinished, test } from 'vitest'
import { openSource, plannedUrls } from '../../src/sources/open-source.js'
import { parseSource } from '../../src/sources/source.js'

const request = (server: string) =>
  ({ server: parseSource(server), format: 'png', width: 40 }) as const

test('an embedded source starts a server that answers, and ends it', async () => {
  const source = await openSource(request('local'))
  const url = source.urlFor('BR')
  expect(source).toMatchObject({ id: 'local', isEmbedded: true })
  const response = await fetch(url)
  expect(response.headers.get('content-type')).toBe('image/png')
  await response.arrayBuffer()
  await source.close()
  await expect(fetch(url)).rejects.toThrow()
})

test('a remote source has the proxies of the environment, and an id with format and width', async () => {
  const env = { http_proxy: 'http://proxy:3128' }
  const source = await openSource(request('http://h/{width}/{cc}.{ext}'), env)
  onTestFinished(() => source.close())
  expect(source).toMatchObject({ id: 'http://h/40/{cc}.png', isEmbedded: false })
  expect(source.proxies).toMatchObject({ http: 'http://proxy:3128/' })
  expect(source.urlFor('BR').href).toBe('http://h/40/br.png')
  const none = { http: '', https: '', except: '' }
  expect((await openSource(request('http://h'), {})).proxies).toEqual(none)
})

test('planned URLs show the embedded server without a port', () => {
  expect(plannedUrls(request('local'))('BR')).toBe('embedded:/br/br.png')
  expect(plannedUrls(request('http://h/{cc}'))('BR')).toBe('http://h/br')
})

test('a flag without an alpha-3 code has its own code instead', async () => {
  const server = parseSource('http://h/{ccc}.{ext}')
  const source = await openSource({ server, format: 'svg', width: 1 }, {})
  expect(source.urlFor('GB-SCT').href).toBe('http://h/gb-sct.svg')
  expect(source.urlFor('BR').href).toBe('http://h/bra.svg')
})
