import { spawnSync } from 'node:child_process'

/**
 * Is this program on the machine? Tests that need one that is not are left out, and it is said that
 * they are; in CI nothing may be left out.
 */
export function has(program: string): boolean {
  const isThere = !spawnSync(program, ['--version']).error
  if (isThere) return true
  const notice = `there is no ${program} on this machine: its tests are left out`
  if (process.env.CI) throw new Error(notice)
  console.warn(notice)
  return false
}
