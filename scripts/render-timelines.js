// Makes docs/timeline.svg and docs/auto.svg of real runs of the built program, after `npm run build`.

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const knee = 30
const folder = await mkdtemp(join(tmpdir(), 'flags-timelines-'))
const json = join(folder, 'auto.json')
try {
  // Every sixth answer is a failure, after which a retry succeeds.
  await record((number) => (number % 6 === 0 ? 503 : 200), resolve('docs/timeline.svg'))
  await record((_number, open) => (open > knee ? 429 : 200), json, '--every', '-c', 'auto')
  await writeFile('docs/auto.svg', limitChart(JSON.parse(await readFile(json, 'utf8'))))
} finally {
  await rm(folder, { recursive: true })
}

/**
 * Records a run against a server that answers after 60 ms, or with 429 at once.
 *
 * @param {(number: number, open: number) => number} statusOf of a request and the number of open ones
 * @param {string} timeline
 * @param {string[]} options
 */
async function record(statusOf, timeline, ...options) {
  let requests = 0
  let open = 0
  const server = createServer(async ({ url = '' }, response) => {
    requests += 1
    open += 1
    const status = statusOf(requests, open)
    const flag = await readFile(`dist/flags${url}`).catch(() => undefined)
    if (status !== 429) await sleep(60)
    open -= 1
    response.writeHead(status === 200 && !flag ? 404 : status).end(flag)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const args = ['-s', `http://127.0.0.1:${port}`, '--timeline', timeline, ...options]
  await promisify(execFile)(resolve('dist/bin.cjs'), ['download', ...args], { cwd: folder })
  server.close()
}

/**
 * The limit that `--concurrency auto` finds over time.
 *
 * @param {{
 *   durationMs: number,
 *   limits: { atMs: number, limit: number }[],
 *   flags: { phases: { endMs: number, failure?: object }[] }[],
 * }} timeline
 */
function limitChart({ limits: [first, ...changes], flags, durationMs }) {
  const [width, height, left, bottom, most] = [720, 260, 40, 230, 45]
  const x = (/** @type {number} */ ms) => Math.round(left + ((width - left - 10) * ms) / durationMs)
  const y = (/** @type {number} */ limit) => Math.round(bottom - (bottom - 20) * (limit / most))
  const path = changes.map(({ atMs, limit }) => `H${x(atMs)}V${y(limit)}`).join('')
  const levels = [10, 20, 30, 40].map(
    (level) =>
      `<path class="grid" d="M${left} ${y(level)}H${width - 10}"/><text x="${left - 8}" y="${y(level) + 4}" text-anchor="end">${level}</text>`,
  )
  const seconds = Array.from(
    { length: Math.floor(durationMs / 500) + 1 },
    (_, half) =>
      `<text x="${x(half * 500)}" y="${bottom + 18}" text-anchor="middle">${half / 2} s</text>`,
  )
  const rejections = flags.flatMap(({ phases }) => phases.filter(({ failure }) => failure))
  const marks = rejections.map(
    ({ endMs }) => `<path class="rejection" d="M${x(endMs)} ${bottom}v-8"/>`,
  )
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
<path class="limit" d="M${x(0)} ${y(first?.limit ?? 0)}${path}H${x(durationMs)}"/>
${marks.join('')}
</svg>
`
}
