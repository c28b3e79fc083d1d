import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

/** What each layer may import in addition to itself; docs/architecture.md explains the order. */
const mayImport: Record<string, readonly string[]> = {
  commands: [
    'report',
    'download',
    'sources',
    'http',
    'images',
    'store',
    'selection',
    'server',
    'pages',
  ],
  // Of the run, a reporter sees results, events and nothing else.
  report: ['download/result.ts', 'download/download-context.ts', 'http/get.ts'],
  download: ['sources', 'http', 'images', 'store', 'selection'],
  sources: ['http/proxy.ts', 'http/failure.ts', 'images/format.ts', 'server'],
  store: ['images'],
  http: ['images/format.ts'],
  images: [],
  selection: [],
  // It does not know the client, or the client would be tested against itself.
  server: [],
  // The facts of a folder or a run become a string; nothing of a run is executed.
  pages: ['images/format.ts', 'download/phases.ts', 'download/result.ts', 'http/failure.ts'],
}

/** The files that every layer may import. */
const shared = ['errors.ts', 'node.ts', 'exit-codes.ts', 'countries.ts', 'package-info.ts']

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
)
const layerOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : file)

/** The command that a file belongs to: a folder or file of `commands`. */
const commandOf = (file: string) => /^commands\/([^/]+)\//.exec(file)?.[1]

interface Import {
  readonly target: string
  /** Is it loaded together with the file? */
  readonly isLoaded: boolean
}

function importsOf(file: string): Import[] {
  const source = readFileSync(join('src', file), 'utf8')
  const statements = source.matchAll(
    /^(import|export) (type )?[^']*?from '(\.[^']+)'|import\('(\.[^']+)'\)/gm,
  )
  return [...statements].map(([, keyword, type, path, lazyPath]) => ({
    target: normalize(join(dirname(file), path ?? lazyPath ?? '')).replace(/\.js$/, '.ts'),
    isLoaded: keyword !== undefined && type === undefined,
  }))
}

test.each(files.filter((file) => file.includes('/')))(
  '%s imports only what its layer may',
  (file) => {
    const allowed = mayImport[layerOf(file)]
    expect(allowed, 'a layer without a rule').toBeDefined()
    for (const { target } of importsOf(file)) {
      const isAllowed = [layerOf(file), ...shared, ...(allowed ?? [])].some(
        (place) => place === layerOf(target) || place === target,
      )
      expect(isAllowed, `${file} → ${target}`).toBe(true)
      const isForeign = commandOf(target) !== undefined && commandOf(target) !== commandOf(file)
      expect(isForeign, `${file} → ${target}`).toBe(false)
    }
  },
)

test('nothing imports the entries, and the root files import only each other and the program', () => {
  for (const file of files) {
    for (const { target } of importsOf(file)) {
      expect(['cli.ts', 'index.ts'], file).not.toContain(target)
      if (target === 'program.ts') expect(file).toBe('cli.ts')
    }
  }
})

test('no files import each other in a circle', () => {
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]) => {
    expect(path, `circle: ${[...path, file].join(' → ')}`).not.toContain(file)
    if (done.has(file)) return
    for (const { target } of importsOf(file)) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
})

test('no file has more than 200 lines', () => {
  const lines = (file: string) => readFileSync(join('src', file), 'utf8').split('\n').length - 1
  expect(files.filter((file) => lines(file) > 200)).toEqual([])
})

test('a run without --timeline loads none of its modules', () => {
  const isOfTimeline = (file: string) => /timeline|^pages\/(chart|har)/.test(file)
  for (const file of files.filter((each) => !isOfTimeline(each))) {
    for (const { target, isLoaded } of importsOf(file)) {
      expect(isLoaded && isOfTimeline(target), `${file} → ${target}`).toBe(false)
    }
  }
})
