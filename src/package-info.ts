import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The package's version. It is read on first use: importing a module must not touch the disk. */
export function packageVersion(): string {
  return readPackage().version
}

/** The User-Agent header: the products as RFC 9110, 10.1.5 lists them, this program first. */
export function userAgent(): string {
  const { name, version } = readPackage()
  return `${name}/${version} Node.js/${process.versions.node}`
}

function readPackage(): { name: string; version: string } {
  // package.json is one folder up from src/ and from the built dist/ alike.
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'))
}
