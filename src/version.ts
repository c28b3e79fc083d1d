import { readFileSync } from 'node:fs'

/** The package's version, read when first asked for: importing a module must not touch the disk. */
export function packageVersion(): string {
  // package.json is one folder up from src/ and from the built dist/ alike.
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
