import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

/** Each room, and the rooms that it may import from beside itself: commands → report → download → the rest. */
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
    'gallery',
    'timeline',
  ],
  // Of the run, a reporter sees results, events and nothing else.
  report: ['download/result.ts', 'download/download-context.ts', 'http/get.ts'],
  download: ['sources', 'http', 'images', 'store', 'selection'],
  sources: ['http/proxy.ts', 'http/failure.ts', 'images/format.ts', 'server'],
  store: ['images'],
  http: ['images/format.ts'],
  images: [],
  selection: [],
  // Neither knows the client, or the client would be tested against itself.
  server: [],
  gallery: ['images/format.ts'],
  // The facts of a run become a string; nothing of it runs.
  timeline: ['download/phases.ts', 'download/result.ts', 'http/failure.ts', 'gallery/html.ts'],
}

/** The files that every room may import. */
const shared = [
  'clock.ts',
  'errors.ts',
  'file-system.ts',
  'exit-codes.ts',
  'countries.ts',
  'package-info.ts',
]

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
)
const roomOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : file)

/** The command that a file belongs to: a folder or file of `commands`. */
const commandOf = (file: string) => /^commands\/([^/]+)\//.exec(file)?.[1]

function importsOf(file: string): { target: string; isLazy: boolean }[] {
  const source = readFileSync(join('src', file), 'utf8')
  const specifiers = source.matchAll(/(from |import\()'(\.[^']+)'/g)
  return [...specifiers].map(([, kind, path = '']) => ({
    target: normalize(join(dirname(file), path)).replace(/\.js$/, '.ts'),
    isLazy: kind === 'import(',
  }))
}

test.each(files.filter((file) => file.includes('/')))(
  '%s imports only what its room may',
  (file) => {
    const allowed = mayImport[roomOf(file)]
    expect(allowed, 'a room without a rule').toBeDefined()
    for (const { target, isLazy } of importsOf(file)) {
      const isAllowed = [roomOf(file), ...shared, ...(allowed ?? [])].some(
        (place) => place === roomOf(target) || place === target,
      )
      expect(isAllowed, `${file} → ${target}`).toBe(true)
      // The one exception: `download --gallery` loads the gallery's writer.
      const isForeign = commandOf(target) !== undefined && commandOf(target) !== commandOf(file)
      const isGallery = isLazy && target === 'commands/gallery/write-gallery.ts'
      expect(isForeign && !isGallery, `${file} → ${target}`).toBe(false)
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

test('a run without --timeline loads no module of it', () => {
  for (const file of files.filter((each) => !/(^|\/)timeline/.test(each))) {
    const source = readFileSync(join('src', file), 'utf8')
    expect(source, file).not.toMatch(/^(import|export) (?!type )[^']*'[./]*\/timeline(\.|\/)/m)
  }
})
