import { spawnSync } from 'node:child_process'

/** Is this program installed? Tests that need a missing one are skipped with a warning; in CI they fail. */
export function has(program: string): boolean {
  if (!spawnSync(program, ['--version']).error) return true
  const notice = `${program} is not installed: its tests are skipped`
  if (process.env.CI) throw new Error(notice)
  console.warn(notice)
  return false
}
