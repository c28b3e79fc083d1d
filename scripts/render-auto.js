// Makes docs/auto.svg of a real run, after `npm run build`: the limit that `--concurrency auto` finds over
// time, against a server that rejects what is above 30 requests at once.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** @type {typeof import('../src/index.js')} */
const { downloadFlags, selectCodes } = await import(
  new URL('../dist/index.js', import.meta.url).href
)

const knee = 30
const args = ['serve', '--port', '0', '--delay', '0.05', '--reject-above', `${knee}`]
const serving = spawn(process.execPath, ['dist/cli.cjs', ...args])
const output = await mkdtemp(join(tmpdir(), 'flags-auto-'))
try {
  const [url] = String((await once(serving.stdout, 'data'))[0]).split('\n')
  await writeFile('docs/auto.svg', picture(await measure(String(url))))
} finally {
  serving.kill()
  await rm(output, { recursive: true })
}

/** @param {string} server */
async function measure(server) {
  const { codes } = selectCodes({ every: true, args: [] })
  // The first change is that at the start of the run.
  let startedAt = 0
  /** @type {{ ms: number, limit: number }[]} */
  const limits = []
  /** @type {number[]} */
  const rejections = []
  const results = downloadFlags(codes, {
    server,
    output,
    concurrency: 'auto',
    onConcurrencyChange({ limit }) {
      startedAt ||= performance.now()
      limits.push({ ms: performance.now() - startedAt, limit })
    },
    onResponse({ statusCode }) {
      if (statusCode === 429) rejections.push(performance.now() - startedAt)
    },
  })
  for await (const _ of results);
  return { limits, rejections, endMs: performance.now() - startedAt }
}

/** @param {Awaited<ReturnType<typeof measure>>} run */
function picture({ limits, rejections, endMs }) {
  const [width, height, left, bottom, most] = [720, 260, 40, 230, 45]
  const x = (/** @type {number} */ ms) => Math.round(left + ((width - left - 10) * ms) / endMs)
  const y = (/** @type {number} */ limit) => Math.round(bottom - (bottom - 20) * (limit / most))
  const [first, ...changes] = limits
  const path = changes.map(({ ms, limit }) => `H${x(ms)}V${y(limit)}`).join('')
  const levels = [10, 20, 30, 40].map(
    (level) =>
      `<path class="grid" d="M${left} ${y(level)}H${width - 10}"/><text x="${left - 8}" y="${y(level) + 4}" text-anchor="end">${level}</text>`,
  )
  const seconds = Array.from(
    { length: Math.floor(endMs / 500) + 1 },
    (_, half) =>
      `<text x="${x(half * 500)}" y="${bottom + 18}" text-anchor="middle">${half / 2} s</text>`,
  )
  const marks = rejections.map((ms) => `<path class="rejection" d="M${x(ms)} ${bottom}v-8"/>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>The limit of parallel requests over time</title>
<style>
text { font: 12px system-ui, sans-serif; fill: #57606a }
path { fill: none; stroke: #8c959f }
.grid { stroke-opacity: .3 } .knee { stroke: #bc4c00; stroke-dasharray: 6 4 }
.limit { stroke: #0969da; stroke-width: 2 } .rejection { stroke: #bc4c00; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #9198a1 } .limit { stroke: #4493f8 } .knee, .rejection { stroke: #f0883e }
}
</style>
${[...levels, ...seconds].join('\n')}
<path class="knee" d="M${left} ${y(knee)}H${width - 10}"/>
<text x="${width - 12}" y="14" text-anchor="end">the server rejects above ${knee}; each mark below is a rejection</text>
<path class="limit" d="M${x(0)} ${y(first?.limit ?? 0)}${path}H${x(endMs)}"/>
${marks.join('')}
</svg>
`
}
