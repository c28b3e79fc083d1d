import type { Output } from './output.js'
import { printableJson } from './printable.js'
import type { Reporter } from './reporter.js'

const silent: Reporter = {
  start() {},
  async result() {},
  wait() {},
  notice() {},
  stopping() {},
  async end() {},
}

/** The path of each flag that is in place, a line each. */
export function pathsReporter(output: Output): Reporter {
  return {
    ...silent,
    async result(result) {
      if (result.status === 'saved' || result.status === 'unchanged') {
        await output.write(`${result.path}\n`)
      }
    },
  }
}

/** One JSON object a line: each flag as it ends, and the summary last. */
export function jsonReporter(output: Output): Reporter {
  const line = (value: object) => output.write(`${printableJson(value)}\n`)
  return {
    ...silent,
    async result(result) {
      await line({ type: 'flag', ...result })
    },
    async end({ server, concurrency, total, saved, unchanged, notFound, failed, ...rest }) {
      const { bytes, durationMs, exitCode } = rest
      const tally = { total, saved, unchanged, notFound, failed, bytes }
      await line({ type: 'summary', server, concurrency, ...tally, durationMs, exitCode })
    },
  }
}
