import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

/** Which rooms (folders of src/, and the two entries) each room may import from, beside itself. */
const mayImport: Record<string, readonly string[]> = {
  'cli.ts': ['commands', 'endings', 'report', 'version.ts'],
  'index.ts': ['download', 'endings', 'http', 'run', 'selection'],
  commands: ['download', 'endings', 'report', 'run', 'selection', 'sources'],
  run: [
    'countries',
    'download',
    'endings',
    'gallery',
    'images',
    'report',
    'selection',
    'server',
    'sources',
    'store',
    'terminal',
  ],
  // Of the core, a reporter sees how flags ended and nothing else.
  report: ['download/fetch-flag.ts', 'download/result.ts', 'download/tally.ts'],
  download: ['countries', 'endings', 'http', 'images', 'store'],
  store: ['endings'],
  http: [],
  images: [],
  sources: ['endings'],
  selection: ['countries', 'endings'],
  // Neither the client nor anything of it: or the client would be tested against itself.
  server: ['countries', 'gallery'],
  // Pure: what they are given becomes text.
  gallery: ['countries'],
  terminal: ['images'],
  countries: [],
  endings: [],
  'version.ts': [],
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
)

function importsOf(file: string): string[] {
  const source = readFileSync(join('src', file), 'utf8')
  const specifiers = source.matchAll(/(?:from |import\()'(\.[^']+)'/g)
  return [...specifiers].map(([, path = '']) =>
    normalize(join(dirname(file), path)).replace(/\.js$/, '.ts'),
  )
}

const roomOf = (file: string) => file.split('/')[0] ?? ''

test.each(files)('%s imports only from the rooms below its own', (file) => {
  const allowed = mayImport[roomOf(file)]
  expect(allowed, 'a room that has no place yet').toBeDefined()
  for (const target of importsOf(file)) {
    const places = [roomOf(target), target]
    expect([roomOf(file), ...(allowed ?? [])], target).toEqual(
      expect.arrayContaining([expect.toSatisfy((place: string) => places.includes(place))]),
    )
  }
})

test('no files import each other in a circle', () => {
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]) => {
    expect(path, `circle: ${[...path, file].join(' → ')}`).not.toContain(file)
    if (done.has(file)) return
    for (const target of importsOf(file)) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
})
