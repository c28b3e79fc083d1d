import { readFile } from 'node:fs/promises'
import { deflateSync, inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { imageProtocolOf, imageText, layout, tileText } from '../../../src/commands/show/tiles.js'
import { decodeImage } from '../../../src/images/decode.js'
import { runMain } from '../../helpers/run-main.js'
import { tempFolder } from '../../helpers/temp-folder.js'

describe('the layout', () => {
  test.each([
    [3, 80, 24, { perRow: 3, width: 25 }],
    [20, 200, 50, { perRow: 8, width: 23 }],
    [1, 80, 50, { perRow: 1, width: 48 }],
    [1, 80, 12, { perRow: 1, width: 24 }],
    [2, 30, 24, { perRow: 1, width: 29 }],
    [2, 5, 24, { perRow: 1, width: 4 }],
    [2, 0, 0, { perRow: 1, width: 1 }],
  ])('of %i flags in %i columns and %i rows is %j', (count, columns, rows, expected) => {
    const { perRow, width } = layout(count, { columns, rows })
    expect({ perRow, width }).toEqual(expected)
    expect(perRow * (width + 2) - 2).toBeLessThan(Math.max(columns, 2))
  })

  test('puts captions below the flags, cut to their width', () => {
    const pixels = { width: 1, height: 1, rgba: Uint8ClampedArray.of(255, 0, 0, 255) }
    const named = (code: string, name: string) => ({ pixels, code, name, bytes: Buffer.of() })
    const tiles = [
      named('BR', 'Brazil'),
      named('FK', 'Falkland Islands (Malvinas)'),
      named('XX', ''),
    ]
    const text = tileText(tiles, { columns: 50, rows: 24 }, 'true')
    const lines = text.replace(/\u001b\[.*?m/g, '').split('\n')
    const isCaption = (line: string) => /[A-Z]/.test(line)
    expect(lines.filter(isCaption)).toEqual([
      '       BR Brazil         FK Falkland Islands (M…',
      '          XX',
    ])
    expect(lines.findIndex(isCaption)).toBe(9)
  })
})

test.each<[NodeJS.ProcessEnv, string | undefined]>([
  [{ TERM: 'xterm-kitty' }, 'kitty'],
  [{ TERM: 'xterm-256color', KITTY_WINDOW_ID: '1' }, 'kitty'],
  [{ TERM: 'xterm-ghostty' }, 'kitty'],
  [{ TERM_PROGRAM: 'ghostty' }, 'kitty'],
  [{ TERM_PROGRAM: 'iTerm.app' }, 'iterm2'],
  [{ TERM_PROGRAM: 'WezTerm' }, 'iterm2'],
  [{ TERM_PROGRAM: 'iTerm.app', TMUX: '/tmp/x' }, undefined],
  [{ TERM: 'screen-256color', KITTY_WINDOW_ID: '1' }, undefined],
  [{ TERM: 'tmux-256color', TERM_PROGRAM: 'tmux' }, undefined],
  [{ TERM: 'xterm-256color' }, undefined],
  [{}, undefined],
])('the image protocol of %j is %s', (env, protocol) => {
  expect(imageProtocolOf(env)).toBe(protocol)
})

const bytes = await readFile('src/server/flags/br/br.gif')
const none = { width: 0, height: 0, rgba: new Uint8ClampedArray() }
const pixels = (await decodeImage(bytes, 'gif')) ?? none
const tile = { bytes, pixels, code: 'BR', name: 'Brazil' }

test('Kitty gets the compressed pixels, in chunks of at most 4096 characters', () => {
  const text = imageText([tile], { columns: 80, rows: 24 }, 'kitty')
  const codes = [...text.matchAll(/\u001b_G([^;]*);([^\u001b]*)\u001b\\/g)]
  const [first, ...rest] = codes.map(([, keys]) => keys)
  expect(first).toBe('a=T,f=32,o=z,C=1,q=2,s=320,v=240,c=48,r=18,m=1')
  expect(rest).toEqual([...Array(rest.length - 1).fill('m=1'), 'm=0'])
  for (const [, , data] of codes) expect(data?.length).toBeLessThanOrEqual(4096)
  const sent = Buffer.from(codes.map(([, , data]) => data).join(''), 'base64')
  expect(Buffer.compare(inflateSync(sent), Buffer.from(pixels.rgba))).toBe(0)
})

const small = { pixels: { width: 4, height: 3, rgba: new Uint8ClampedArray(48) } }
const pixelsSent = deflateSync(small.pixels.rgba).toString('base64')

test.each([
  ['kitty', `\u001b_Ga=T,f=32,o=z,C=1,q=2,s=4,v=3,c=37,r=14,m=0;${pixelsSent}\u001b\\`],
  [
    'iterm2',
    '\u001b]1337;File=inline=1;size=3;width=38;height=14;preserveAspectRatio=1:R0lG\u0007',
  ],
] as const)('%s gets exactly this for two images with their captions', (protocol, image) => {
  const tiny = { ...tile, ...small, bytes: Buffer.from('GIF') }
  const lines = `${'\n'.repeat(14)}\u001b[14A`
  const placed = `\u001b7${image}\u001b8\u001b[40C`
  const caption = `${' '.repeat(14)}BR Brazil`
  const captions = `${caption.padEnd(40)}${caption}\n`
  expect(imageText([tiny, tiny], { columns: 80, rows: 24 }, protocol)).toBe(
    `${lines}${placed}${placed}\r\u001b[14B${captions}`,
  )
})

test.each([
  [200, 100, 'c=48,r=12'],
  [100, 200, 'c=18,r=18'],
  [9000, 1, 'c=48,r=1'],
])('Kitty is not told to stretch an image of %i by %i', (width, height, cells) => {
  const image = { width, height, rgba: new Uint8ClampedArray(4 * width * height) }
  const text = imageText([{ ...tile, pixels: image }], { columns: 80, rows: 24 }, 'kitty')
  expect(text).toContain(`s=${width},v=${height},${cells},m=`)
})

test('flags show sends images to a terminal that can show them, and plain text to a pipe', async () => {
  const cwd = await tempFolder()
  const env = { TERM: 'xterm-kitty', COLORTERM: 'truecolor', KITTY_WINDOW_ID: '1' }
  const terminal = { columns: 80, rows: 24 }
  expect((await runMain(['show', 'BR'], { cwd, env, terminal })).stdout).toContain('\u001b_Ga=T')
  expect((await runMain(['show', 'BR'], { cwd, env })).stdout).toBe('BR\tBrazil\n')
})
