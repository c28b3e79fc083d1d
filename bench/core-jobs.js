// Takes so many jobs through the core of the built library and prints the milliseconds and the megabytes
// of heap in use at their end, as JSON. `node --expose-gc bench/core-jobs.js <url> <folder> <jobs>`

const dist = new URL('../dist/index.js', import.meta.url).href
/** @type {typeof import('../src/index.js')} */
const { downloadFlags } = await import(dist)

const [, , server = '', output = '', jobs = '2000'] = process.argv
const startedAt = performance.now()
let heapMegabytes = 0
let ended = 0
for await (const _result of downloadFlags(codes(), {
  server,
  output,
  concurrency: 50,
  force: true,
})) {
  ended += 1
  if (ended < Number(jobs)) continue
  const ms = performance.now() - startedAt
  globalThis.gc?.()
  heapMegabytes = process.memoryUsage().heapUsed / 2 ** 20
  console.log(JSON.stringify({ msPerJob: ms / ended, heapMegabytes }))
}

/** Codes without end, the same ones again and again. */
function* codes() {
  for (let job = 0; job < Number(jobs); job++) {
    yield String.fromCharCode(65 + (Math.floor(job / 26) % 26), 65 + (job % 26))
  }
}
