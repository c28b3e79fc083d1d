import { colourFor } from './colour.js'
import { jsonReporter, pathsReporter } from './data.js'
import type { Output } from './output.js'
import { peopleReporter, type Verbosity } from './people.js'
import { all, type Reporter } from './reporter.js'
import { plainScreen } from './screen.js'

/** The options that say what is shown. */
export interface ReportOptions {
  readonly json?: true | undefined
  readonly verbose?: true | undefined
  readonly quiet?: true | undefined
  readonly progress: boolean
  readonly color: boolean
}

/** Data to stdout, words to stderr; `named` are the codes whose flags must not be missing. */
export async function createReporter(
  { json, verbose, quiet, progress, color }: ReportOptions,
  named: ReadonlySet<string>,
  { stdout, stderr, env }: { stdout: Output; stderr: Output; env: NodeJS.ProcessEnv },
): Promise<Reporter> {
  const verbosity: Verbosity = quiet ? 'quiet' : verbose ? 'verbose' : 'normal'
  // On a terminal, the lines of --json would be drawn into the bar.
  const isShared = json === true && stdout.isTerminal
  const hasBar = progress && !quiet && stderr.isAnimated && !isShared
  // cli-progress is loaded only where there is a bar.
  const screen = hasBar ? (await import('./bar-screen.js')).barScreen(stderr) : plainScreen(stderr)
  const people = peopleReporter(screen, colourFor(stderr.isTerminal, env, color), verbosity, named)
  if (json) return all([jsonReporter(stdout), people])
  return stdout.isTerminal ? people : all([pathsReporter(stdout), people])
}
