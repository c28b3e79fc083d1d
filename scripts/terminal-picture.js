// A real run in a pseudo-terminal, as an SVG picture of what such a terminal shows.

import { spawn } from 'node:child_process'
import xterm from '@xterm/headless'

/** @typedef {{ x: number, y: number, width: number, height: number, colour: string }} Box */
/** @typedef {{ x: number, y: number, text: string, colour: string }} Run */

// Of a character cell, in pixels.
const CELL_WIDTH = 8
const CELL_HEIGHT = 16
const MARGIN = 20
const TITLE_HEIGHT = 32

const INK = '#e6e3dc'
const PAPER = '#16181d'

/**
 * Runs a script of shell commands in a terminal and gives the picture, as high as what was printed.
 * `until` may end it early: it is asked after each change with the rows that are to be seen.
 *
 * @param {string} script
 * @param {{ columns: number, rows: number, cwd: string, env: NodeJS.ProcessEnv }} size
 * @param {(rows: string[]) => boolean} [until]
 */
export async function terminalPicture(script, { columns, rows, cwd, env }, until = () => false) {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  // util-linux's `script` makes the pseudo-terminal.
  const child = spawn(
    'script',
    ['-qec', `stty cols ${columns} rows ${rows}; ${script}`, '/dev/null'],
    {
      cwd,
      env: { ...env, TERM: 'xterm-256color', COLORTERM: 'truecolor', SHELL: '/bin/sh' },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  for await (const bytes of child.stdout) {
    await new Promise((resolve) => terminal.write(bytes, () => resolve(undefined)))
    if (!until(rowsOf(terminal))) continue
    child.kill()
    break
  }
  return svg(terminal, columns)
}

/** @param {xterm.Terminal} terminal */
function rowsOf(terminal) {
  const { active } = terminal.buffer
  const lines = Array.from({ length: active.length }, (_, y) => active.getLine(y))
  return lines.map((line) => line?.translateToString(true) ?? '')
}

/**
 * @param {xterm.Terminal} terminal
 * @param {number} columns
 */
function svg(terminal, columns) {
  const lastRow = rowsOf(terminal).findLastIndex((row) => row.trim() !== '')
  const width = columns * CELL_WIDTH + 2 * MARGIN
  const height = (lastRow + 1) * CELL_HEIGHT + TITLE_HEIGHT + MARGIN
  const { boxes, runs } = contentOf(terminal, lastRow)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="flags in a terminal">
<rect width="${width}" height="${height}" rx="10" fill="${PAPER}"/>
<g fill="#4a4f5a"><circle cx="22" cy="18" r="5.5"/><circle cx="40" cy="18" r="5.5"/><circle cx="58" cy="18" r="5.5"/></g>
<g transform="translate(${MARGIN} ${TITLE_HEIGHT})">
<g shape-rendering="crispEdges">
${paths(boxes)}
</g>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">
${runs.map(text).join('\n')}
</g>
</g>
</svg>
`
}

/**
 * Blocks become boxes, as fonts leave gaps between them; everything else is text.
 *
 * @param {xterm.Terminal} terminal
 * @param {number} lastRow
 */
function contentOf(terminal, lastRow) {
  /** @type {Box[]} */
  const boxes = []
  /** @type {Run[]} */
  const runs = []
  for (let row = 0; row <= lastRow; row++) {
    for (let column = 0; column < terminal.cols; column++) {
      const cell = terminal.buffer.active.getLine(row)?.getCell(column)
      if (!cell) continue
      const [x, y] = [column * CELL_WIDTH, row * CELL_HEIGHT]
      const front = cell.isFgRGB() ? hex(cell.getFgColor()) : INK
      const [top, share] = blocks[cell.getChars()] ?? [0, 0]
      if (cell.isBgRGB()) {
        // Beside the block, not behind it: which of two colours is painted last is not known here.
        const [start, height] = [y + (top > 0 ? 0 : share * CELL_HEIGHT), (1 - share) * CELL_HEIGHT]
        const colour = hex(cell.getBgColor())
        addBox(boxes, { x, y: start, width: CELL_WIDTH, height, colour })
      }
      const [start, height] = [y + top * CELL_HEIGHT, share * CELL_HEIGHT]
      const colour = cell.getChars() === '░' ? '#3a3f49' : front
      if (height > 0) addBox(boxes, { x, y: start, width: CELL_WIDTH, height, colour })
      else addText(runs, { x, y, text: cell.getChars(), colour: front })
    }
  }
  return { boxes, runs }
}

/** What part of its cell a block fills: from where, and how much. @type {Record<string, [number, number]>} */
const blocks = { '▀': [0, 0.5], '▄': [0.5, 0.5], '█': [0.15, 0.7], '░': [0.15, 0.7] }

/**
 * Joins it to the box on its left, where the two are of one colour.
 *
 * @param {Box[]} boxes
 * @param {Box} box
 */
function addBox(boxes, box) {
  const left = boxes.findLast(({ y, height }) => y === box.y && height === box.height)
  const isJoined = left && left.colour === box.colour && left.x + left.width === box.x
  if (isJoined) left.width += box.width
  else boxes.push(box)
}

/**
 * Joins it to the text on its left, where one space at most is between them: renderers fold more.
 *
 * @param {Run[]} runs
 * @param {Run} run
 */
function addText(runs, run) {
  if (!run.text.trim()) return
  const last = runs.at(-1)
  const spaces = last && (run.x - last.x) / CELL_WIDTH - last.text.length
  const isJoined = last?.y === run.y && last.colour === run.colour && (spaces ?? 2) < 2
  if (isJoined && last) last.text += ' '.repeat(spaces ?? 0) + run.text
  else runs.push(run)
}

/** One path for each colour: the same boxes as elements of their own are three times as large. @param {Box[]} boxes */
function paths(boxes) {
  /** @type {Map<string, string>} */
  const moves = new Map()
  for (const { x, y, width, height, colour } of boxes) {
    moves.set(colour, `${moves.get(colour) ?? ''}M${x} ${y}h${width}v${height}h-${width}z`)
  }
  return [...moves].map(([colour, d]) => `<path fill="${colour}" d="${d}"/>`).join('\n')
}

/** The width is given so that columns stay columns in any font. @param {Run} run */
function text({ x, y, text, colour }) {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x}" y="${y + 12}" fill="${colour}" textLength="${text.length * CELL_WIDTH}">${escaped}</text>`
}

/** @param {number} colour */
function hex(colour) {
  return `#${colour.toString(16).padStart(6, '0')}`
}
