import { execFile } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { formatManifest } from '../../src/store/manifest.js'
import {
  loadManifest,
  mergeIntoManifest,
  readManifest,
  requireManifest,
} from '../../src/store/manifest-file.js'
import { manifestOf, record, writeFlags } from '../helpers/manifest.js'
import { namesIn, tempFolder } from '../helpers/temp-folder.js'

const { signal } = new AbortController()
const later = '{"version":3,"flags":{}}'

async function lockedFolder() {
  const path = await tempFolder()
  const lock = join(path, '.flags.json.lock')
  await writeFile(lock, '')
  return { path, lock }
}

describe('the manifest of a folder', () => {
  test('is read, absent or invalid, and reading changes nothing', async () => {
    const path = await tempFolder()
    expect(await readManifest(path)).toEqual({ state: 'absent' })
    expect(await readManifest(join(path, 'none'))).toEqual({ state: 'absent' })
    await writeFlags(path, 'BR')
    expect(await readManifest(path)).toEqual({ state: 'read', manifest: manifestOf(record('BR')) })
    expect(await readManifest(join(path, 'br.gif'))).toEqual({ state: 'absent' })
    await writeFile(join(path, 'flags.json'), later)
    expect(await readManifest(path)).toEqual({ state: 'later' })
    await writeFile(join(path, 'flags.json'), '[]')
    expect(await readManifest(path)).toEqual({ state: 'damaged' })
    expect(await namesIn(path)).toEqual(['br.gif', 'flags.json'])
  })

  test('is required by a command, which says what to do if it is missing', async () => {
    const path = await tempFolder()
    await expect(requireManifest(path)).rejects.toThrow(
      `no flags.json in ${path}; run 'flags download -o ${path}' first`,
    )
    await writeFile(join(path, 'flags.json'), later)
    await expect(requireManifest(path)).rejects.toThrow(
      'was written by a later version of flags; update flags to read it',
    )
    await writeFile(join(path, 'flags.json'), '[]')
    await expect(requireManifest(path)).rejects.toThrow(
      `is damaged or was written by another program; run 'flags download -o ${path}' to replace it`,
    )
    await writeFlags(path, 'BR')
    expect(await requireManifest(path)).toEqual(manifestOf(record('BR')))
  })

  test.each([
    ['a device without an end', (file: string) => symlink('/dev/zero', file), 'not a regular file'],
    ['a named pipe', (file: string) => promisify(execFile)('mkfifo', [file]), 'not a regular file'],
    ['a folder', (file: string) => mkdir(file), 'not a regular file'],
    [
      'larger than any manifest',
      async (file: string) => {
        await writeFile(file, '')
        await truncate(file, 32_000_001)
      },
      'larger than 32000000 bytes',
    ],
  ])('that is %s is an error with the path', async (_, make, why) => {
    const path = await tempFolder()
    await make(join(path, 'flags.json'))
    await expect(readManifest(path)).rejects.toThrow(
      `cannot read ${join(path, 'flags.json')}: ${why}`,
    )
  })

  test('that is damaged is moved aside, in place of an earlier one', async () => {
    const path = await tempFolder()
    expect(await loadManifest(path, signal)).toEqual({ manifest: new Map(), warning: undefined })
    await writeFile(join(path, 'flags.json.damaged-1'), 'earlier')
    await writeFile(join(path, 'flags.json'), '[]')
    const { manifest, warning } = await loadManifest(path, signal)
    const names = await namesIn(path)
    expect(names).toEqual([expect.stringMatching(/^flags\.json\.damaged-\d{13}$/)])
    const aside = join(path, names[0] ?? '')
    expect(warning).toBe(
      `${join(path, 'flags.json')} is damaged or was written by another program: moved aside to ${aside}`,
    )
    expect(manifest).toEqual(new Map())
    expect(await readFile(aside, 'utf8')).toBe('[]')
  })

  test('that is of a later version is moved aside untouched, and every earlier one stays', async () => {
    const path = await tempFolder()
    await writeFile(join(path, 'flags.json.later-1'), later)
    await writeFile(join(path, 'flags.json.damaged-1'), '')
    await writeFile(join(path, 'flags.json'), later)
    const { warning } = await loadManifest(path, signal)
    const [damaged, first, second, ...others] = await namesIn(path)
    expect([damaged, first, others]).toEqual(['flags.json.damaged-1', 'flags.json.later-1', []])
    expect(await readFile(join(path, second ?? ''), 'utf8')).toBe(later)
    expect(warning).toContain(`was written by a later version of flags: moved aside to ${path}`)
  })

  test('that many runs find damaged is moved aside once, and their records are kept', async () => {
    const path = await tempFolder()
    await writeFile(join(path, 'flags.json'), '[]')
    const codes = [...'ABCDEFGHIJ'].map((letter) => `A${letter}`)
    const runs = codes.map(async (code) => {
      await loadManifest(path, signal)
      await mergeIntoManifest(path, manifestOf(record(code)), signal)
    })
    await Promise.all(runs)
    expect([...(await requireManifest(path)).keys()]).toEqual(codes.map((code) => `${code}.gif`))
    expect(await namesIn(path)).toEqual(['flags.json', expect.stringMatching(/damaged/)])
  })
})

describe('merging records', () => {
  test('loses no record of many writers', async () => {
    const path = await tempFolder()
    const codes = [...'ABCDEFGHIJKLMNOP'].map((letter) => `A${letter}`)
    await Promise.all(
      codes.map((code) => mergeIntoManifest(path, manifestOf(record(code)), signal)),
    )
    expect([...(await requireManifest(path)).keys()]).toEqual(codes.map((code) => `${code}.gif`))
    expect(await namesIn(path)).toEqual(['flags.json'])
  })

  test('replaces an older record of the same flag and keeps its other formats', async () => {
    const path = await tempFolder()
    const svg = record('BR', { format: 'svg', file: 'br.svg' })
    await mergeIntoManifest(path, manifestOf(record('BR', { etag: '"0"' }), svg), signal)
    await mergeIntoManifest(path, manifestOf(record('BR')), signal)
    expect(await requireManifest(path)).toEqual(manifestOf(record('BR'), svg))
  })

  test('takes over the lock of a process that was killed, and waits for a live one', async () => {
    const { path, lock } = await lockedFolder()
    const merging = mergeIntoManifest(path, manifestOf(record('BR')), signal)
    const before = await readManifest(path)
    await utimes(lock, 0, 0)
    await merging
    expect(before).toEqual({ state: 'absent' })
    expect(await namesIn(path)).toEqual(['flags.json'])
  })

  test('leaves the lock of a run that took it over meanwhile', async () => {
    const path = await tempFolder()
    const lock = join(path, '.flags.json.lock')
    // Read while the manifest is locked.
    const records = manifestOf(record('BR'))
    const entries = [...records]
    records[Symbol.iterator] = () => {
      rmSync(lock)
      writeFileSync(lock, '')
      return entries[Symbol.iterator]()
    }
    await mergeIntoManifest(path, records, signal)
    expect(await namesIn(path)).toEqual(['.flags.json.lock', 'flags.json'])
  })

  test('leaves no lock where the process ends meanwhile', async () => {
    const path = await tempFolder()
    const before = process.listeners('exit')
    const records = manifestOf(record('BR'))
    const entries = [...records]
    let names: string[] | undefined
    records[Symbol.iterator] = () => {
      for (const onExit of process.listeners('exit')) if (!before.includes(onExit)) onExit(130)
      names = readdirSync(path)
      return entries[Symbol.iterator]()
    }
    await mergeIntoManifest(path, records, signal)
    expect(names).toEqual([])
    expect(process.listeners('exit')).toEqual(before)
  })

  test('takes over a lock with a time in the future', async () => {
    const { path, lock } = await lockedFolder()
    await utimes(lock, 2 ** 32, 2 ** 32)
    await mergeIntoManifest(path, manifestOf(record('BR')), signal)
    expect(await namesIn(path)).toEqual(['flags.json'])
  })

  test('does not wait long for a live lock once the run is interrupted', async () => {
    const { path, lock } = await lockedFolder()
    const soon = new Date(Date.now() + 4000)
    await utimes(lock, soon, soon)
    await mergeIntoManifest(path, manifestOf(record('BR')), AbortSignal.abort())
    // It was not stale by then, and is another run's.
    expect(await namesIn(path)).toEqual(['.flags.json.lock', 'flags.json'])
  })

  test('into a folder that is gone is an error with the path', async () => {
    const path = join(await tempFolder(), 'gone')
    await expect(mergeIntoManifest(path, manifestOf(record('BR')), signal)).rejects.toThrow(
      `cannot write ${join(path, 'flags.json')}: `,
    )
  })

  test('into a flags.json that is a folder is an error with the path', async () => {
    const path = await tempFolder()
    await mkdir(join(path, 'flags.json'))
    await expect(mergeIntoManifest(path, manifestOf(record('BR')), signal)).rejects.toThrow(
      `cannot read ${join(path, 'flags.json')}: not a regular file`,
    )
    expect(await namesIn(path)).toEqual(['flags.json'])
  })

  test('writes what formatManifest formats', async () => {
    const path = await tempFolder()
    await mergeIntoManifest(path, manifestOf(record('BR')), signal)
    const text = await readFile(join(path, 'flags.json'), 'utf8')
    expect(text).toBe(formatManifest(manifestOf(record('BR'))))
  })
})
