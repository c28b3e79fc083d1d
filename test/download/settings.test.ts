import { describe, expect, test } from 'vitest'
import { resolveSettings } from '../../src/download/resolve-settings.js'
import { defaults, describeRange, type SettingsOptions } from '../../src/download/settings.js'

describe('the settings', () => {
  test('have defaults, which cannot be changed', () => {
    const { server, format, width, ...rest } = resolveSettings({})
    const { server: label, ...others } = defaults
    expect(rest).toEqual(others)
    expect([server.label, format, width]).toEqual([label, 'gif', 320])
    expect(Object.isFrozen(defaults)).toBe(true)
    expect(defaults).toEqual({
      server: 'local',
      concurrency: 5,
      maxConcurrency: 100,
      output: 'downloaded',
      timeoutMs: 10_000,
      retries: 3,
      ratePerSecond: Number.POSITIVE_INFINITY,
      maxBytes: 5_000_000,
      maxRedirects: 5,
      force: false,
      nameBy: 'code',
    })
  })

  test('take the given values, and undefined for the default', () => {
    const given = {
      concurrency: 1000,
      output: 'x',
      timeoutMs: 1.5,
      retries: 0,
      ratePerSecond: 0.001,
      maxBytes: 1,
      maxRedirects: 100,
      force: true,
      nameBy: 'numeric',
    } as const
    expect(resolveSettings(given)).toMatchObject(given)
    const { server, ...rest } = resolveSettings({ concurrency: undefined, format: undefined })
    expect(rest).toMatchObject({ concurrency: 5, format: 'gif' })
    expect(resolveSettings({ server }).server).toBe(server)
  })

  test.each([
    'http://me:secret@h/',
    'http://me:secret@h/{x}',
    'http://me:secret@h:99999',
    'ftp://me:secret@h',
    'http://me:sec/ret@h{x}',
    'http://me:sec@ret@h:99999/',
    'me:secret@h',
    'http://me:sec ret@h{y}',
    'me:1secret@h',
  ])('a refusal of %s does not repeat the password', (given) => {
    const message = expect.not.stringMatching(/sec|ret/)
    const cause = expect.objectContaining({ message })
    expect(() => resolveSettings({ server: given })).toThrow(
      expect.objectContaining({ message, cause }),
    )
  })

  test('a refusal of a long URL shows its first and last characters', () => {
    const long = `http://h/${'x'.repeat(7991)}`
    expect(() => resolveSettings({ server: `${long}x` })).toThrow(
      `invalid server 'http://h/${'x'.repeat(30)}…${'x'.repeat(40)}': longer than 8000 characters; give a URL or one of local,`,
    )
    for (const server of [`${long}{y}`, `ftp${long.slice(5)}`, `${'h'.repeat(7998)}:1`]) {
      expect(() => resolveSettings({ server })).toThrow(/^.{1,300}$/)
    }
  })

  test.each<[object, string]>([
    [{ server: null }, 'invalid server: give a label or a URL, as a string'],
    [{ server: new URL('http://h') }, 'invalid server: give a label or a URL, as a string'],
    [{ server: 7 }, "invalid server '7': give a label or a URL, as a string"],
    [{ output: '' }, "invalid output '': give a folder"],
    [{ output: null }, 'invalid output: give a folder'],
    [{ output: 'a\0b' }, "invalid output 'a\0b': give a folder"],
    [{ output: 'a\ud800' }, "invalid output 'a\ud800': give a folder"],
    [{ output: Symbol('x') }, 'invalid output: give a folder'],
    [{ server: { kind: 'remote' } }, 'invalid server: give a label or a URL, as a string'],
    [
      { nameBy: 'x'.repeat(99) },
      `invalid nameBy '${'x'.repeat(40)}…': give one of code, alpha3, numeric, country`,
    ],
    [{ force: 'yes' }, "invalid force 'yes': give true or false"],
    [{ nameBy: 'size' }, "invalid nameBy 'size': give one of code, alpha3, numeric, country"],
    [{ format: 'bmp' }, "invalid format 'bmp': give one of gif, png, svg, webp"],
    [{ format: null }, 'invalid format: give one of gif, png, svg, webp'],
    [{ width: 0 }, "invalid width '0': give a whole number from 1 to 10000"],
    [{ width: '20' }, "invalid width '20': give a whole number from 1 to 10000"],
    ...[0, 1001, 1.5, '5'].map((concurrency): [object, string] => [
      { concurrency },
      `invalid concurrency '${concurrency}': give a whole number from 1 to 1000, or auto`,
    ]),
    [{ concurrency: [5] }, 'invalid concurrency: give a whole number from 1 to 1000, or auto'],
    [{ timeoutMs: '5' }, "invalid timeoutMs '5': give a number from 1 to 86400000"],
    [{ timeoutMs: Number.NaN }, "invalid timeoutMs 'NaN': give a number from 1 to 86400000"],
    [{ retries: -1 }, "invalid retries '-1': give a whole number from 0 to 100"],
    [{ ratePerSecond: 0 }, "invalid ratePerSecond '0': give a number, 0.001 or more"],
    [{ maxBytes: null }, 'invalid maxBytes: give a whole number from 1 to 9007199254740991'],
    [{ maxRedirects: 101 }, "invalid maxRedirects '101': give a whole number from 0 to 100"],
  ])("refuse %j with the option's name and its values", (options, message) => {
    const resolving = () => resolveSettings(options as SettingsOptions)
    expect(resolving).toThrow(expect.objectContaining({ name: 'UsageError', message }))
  })
})

describe('the format', () => {
  test.each<[SettingsOptions, string]>([
    [{ server: 'flagcdn' }, 'svg'],
    [{ server: 'http://h/{cc}.PNG?x' }, 'png'],
    [{ server: 'http://h' }, 'gif'],
    [{ server: 'http://h', format: 'webp' }, 'webp'],
  ])('of %j is %s', (options, format) => {
    expect(resolveSettings(options).format).toBe(format)
  })

  test.each<[SettingsOptions, string]>([
    [
      { server: 'flagcdn', format: 'gif' },
      'the server flagcdn has no gif images; these servers do: local, delay, error, remote',
    ],
    [
      { server: 'remote', format: 'svg' },
      'the server remote has no svg images; these servers do: local, delay, error, flagcdn, flag-icons',
    ],
  ])('of %j is refused with the servers that have it', (options, message) => {
    expect(() => resolveSettings(options)).toThrow(
      expect.objectContaining({ name: 'UsageError', message }),
    )
  })
})

describe('the width', () => {
  test.each<[SettingsOptions, number]>([
    [{ server: 'flagcdn', format: 'png' }, 320],
    [{ server: 'flagcdn', format: 'webp', width: 2560 }, 2560],
    [{ server: 'http://h/w{width}/{cc}.png', width: 7 }, 7],
  ])('of %j is %i', (options, width) => {
    expect(resolveSettings(options).width).toBe(width)
  })

  test.each<[SettingsOptions, string]>([
    [
      { server: 'flagcdn', format: 'png', width: 33 },
      'the server flagcdn has no png images of width 33: give one of 20, 40, 80, 160, 320, 640, 1280, 2560',
    ],
    [
      { server: 'flagcdn', format: 'svg', width: 320 },
      'the server flagcdn offers no choice of width for svg: omit --width',
    ],
    [
      { format: 'png', width: 20 },
      'the server local offers no choice of width for png: omit --width',
    ],
  ])('of %j is refused with what to give', (options, message) => {
    expect(() => resolveSettings(options)).toThrow(
      expect.objectContaining({ name: 'UsageError', message }),
    )
  })
})

test('describeRange gives both ends of a range', () => {
  expect(describeRange({ min: 1, max: 2, isInteger: false })).toBe('a number from 1 to 2')
})
