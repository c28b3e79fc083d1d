import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const rooms = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** Which rooms (folders of src/, and the two entries) each room may import from, beside itself. */
const mayImport: Record<string, readonly string[]> = {
  'cli.ts': ['commands', 'endings', 'report', 'version.ts'],
  'index.ts': ['download', 'endings', 'http', 'run', 'selection'],
  // What wires: a command its options, a run the rooms.
  commands: [
    'bench',
    'completion',
    'demo',
    'download',
    'endings',
    'report',
    'run',
    'selection',
    'sources',
  ],
  run: rooms.filter((room) => !['commands', 'completion', 'demo', 'run'].includes(room)),
  bench: ['endings', 'report'],
  demo: ['report'],
  // Of the core, a reporter sees how flags ended and nothing else.
  report: ['endings', 'download/fetch-with-retries.ts', 'download/result.ts', 'download/tally.ts'],
  download: ['countries', 'endings', 'http', 'images', 'store', 'version.ts'],
  store: ['endings', 'images'],
  http: ['endings'],
  images: [],
  sources: ['endings', 'spelling'],
  selection: ['countries', 'endings', 'spelling'],
  completion: ['countries', 'sources'],
  // Neither the client nor anything of it: or the client would be tested against itself.
  server: ['countries', 'gallery', 'images'],
  // Pure: what they are given becomes text.
  gallery: ['countries'],
  terminal: ['images'],
  countries: [],
  spelling: [],
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
