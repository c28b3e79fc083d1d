import { jsonReporter, pathsReporter } from './data.js'
import type { Output } from './output.js'
import { peopleReporter, type Verbosity } from './people.js'
import { all, type Reporter } from './reporter.js'
import { plainScreen } from './screen.js'

export interface ReportOptions {
  readonly json?: true | undefined
  readonly verbose?: true | undefined
  readonly quiet?: true | undefined
  readonly progress: boolean
}

/** Data to stdout, words to stderr; `named` are the codes whose flags must not be missing. */
export async function createReporter(
  { json, verbose, quiet, progress }: ReportOptions,
  named: ReadonlySet<string>,
  { stdout, stderr }: { stdout: Output; stderr: Output },
): Promise<Reporter> {
  const verbosity: Verbosity = quiet ? 'quiet' : verbose ? 'verbose' : 'normal'
  const hasBar = progress && stderr.isTerminal && verbosity !== 'quiet'
  // cli-progress is loaded only where there is a bar.
  const screen = hasBar ? (await import('./bar-screen.js')).barScreen(stderr) : plainScreen(stderr)
  const people = peopleReporter(screen, verbosity, named)
  if (json) return all([jsonReporter(stdout), people])
  return stdout.isTerminal ? people : all([pathsReporter(stdout), people])
}
