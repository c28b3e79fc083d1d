import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { maxOpenRequests, requestsWithin } from '../../src/download/open-file-limit.js'

test.each([
  [32, 1, 1],
  [38, 1, 2],
  [64, 1, 28],
  [64, 3, 9],
  [1024, 1, 988],
  ['unlimited', 3, Number.POSITIVE_INFINITY],
] as const)('a limit of %s open files allows, at %i for each request, %d', (limit, each, most) => {
  expect(requestsWithin(limit, each)).toBe(most)
})

test('a limit of 31 open files is too low, in one line', () => {
  expect(() => requestsWithin(31, 1)).toThrow(
    'the limit of open files is 31: raise it to 32 or more (ulimit -n)',
  )
})

test.runIf(process.platform === 'linux')("the limit is the process's own", async () => {
  const limit = execFileSync('sh', ['-c', 'ulimit -Sn'], { encoding: 'utf8' }).trim()
  expect(await maxOpenRequests(3)).toBe(requestsWithin(limit, 3))
})
