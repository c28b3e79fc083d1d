import { spawnSync } from 'node:child_process'
import { networkInterfaces } from 'node:os'

/** Is this program installed? Where it is not, the tests that need it are skipped; in CI they fail. */
export function has(program: string): boolean {
  return !spawnSync(program, ['--version']).error || skips(`${program} is not installed`)
}

/** Is this process root's, on Linux? Only it may mount a file system. */
export const mayMount =
  process.platform === 'linux' && (process.getuid?.() === 0 || skips('this process is not root’s'))

/** Has this machine the loopback address of IPv6? */
export const hasIPv6 =
  Object.values(networkInterfaces()).some((list) =>
    list?.some(({ address }) => address === '::1'),
  ) || skips('this machine has no IPv6')

/** Warns that tests are skipped, for this reason; in CI that is an error. False, for a condition. */
export function skips(reason: string): false {
  const notice = `${reason}: tests that need it are skipped`
  if (process.env.CI) throw new Error(notice)
  console.warn(notice)
  return false
}
