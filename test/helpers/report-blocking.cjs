// Loaded into the program before it starts: prints the longest time, in milliseconds, for which the
// event loop was held up once the first request had been made.

const { subscribe } = require('node:diagnostics_channel')
const { writeSync } = require('node:fs')
const { monitorEventLoopDelay } = require('node:perf_hooks')

const resolutionMs = 1
const delay = monitorEventLoopDelay({ resolution: resolutionMs })
// Before it, modules are loaded and set up, which is no part of the downloading.
subscribe('undici:client:connected', () => delay.enable())
process.once('exit', () => writeSync(2, `held up for ${delay.max / 1e6 - resolutionMs} ms\n`))
