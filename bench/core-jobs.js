// Downloads this many flags with the built library and prints, as JSON, the milliseconds for each and the
// heap at the end in megabytes: `node --expose-gc bench/core-jobs.js <url> <folder> <jobs>`

/** @type {typeof import('../src/index.js')} */
const { downloadFlags } = await import(new URL('../dist/index.js', import.meta.url).href)

const [, , server = '', output = '', jobs = '2000'] = process.argv
const count = Number(jobs)
const startedAt = performance.now()
const settings = { server, output, concurrency: 50, force: true }
for await (const _result of downloadFlags(codes(), settings));
const msPerJob = (performance.now() - startedAt) / count
globalThis.gc?.()
const heapMegabytes = process.memoryUsage().heapUsed / 2 ** 20
console.log(JSON.stringify({ msPerJob, heapMegabytes }))

/** AA to ZZ, again and again. */
function* codes() {
  for (let job = 0; job < count; job++) {
    yield String.fromCharCode(65 + (Math.floor(job / 26) % 26), 65 + (job % 26))
  }
}
