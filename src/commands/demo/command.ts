import { Argument, Option } from '@commander-js/extra-typings'
import { type CommandContext, createCommand } from '../command.js'
import { numberIn } from '../options.js'

/** `flags demo spinner` */
export function demoCommand(context: CommandContext) {
  return createCommand('demo', context, {
    summary: 'show what blocks an event loop',
    description: 'Run a slow job beside a spinner, to show what blocks an event loop.',
    examples: [
      ['flags demo spinner', 'both on the event loop'],
      ['flags demo spinner --block', 'the job blocks the event loop: the spinner stops'],
      ['flags demo spinner --block --worker', 'the spinner runs on a worker thread'],
      ['flags demo spinner --executor', 'the job blocks a worker thread'],
    ],
    exitStatus: { ok: 'the job ended' },
  })
    .addArgument(new Argument('<name>', 'demo to run').choices(['spinner'] as const))
    .addOption(
      new Option('--seconds <n>', 'duration of the job, up to 60')
        .default(3000, '3')
        // A blocked thread does not handle Ctrl-C, so the duration needs a limit.
        .argParser(numberIn({ min: 0, max: 60_000, isInteger: false }, 1000)),
    )
    .option('--worker', 'run the spinner on a worker thread')
    .option('--block', 'block the event loop; Ctrl-C takes effect when the job ends')
    .option('--executor', 'run a blocking job on a worker thread')
    .action(async (_name, { seconds, ...options }) => {
      const { demonstrateSpinner } = await import('./run.js')
      await demonstrateSpinner({ jobMs: seconds, ...options }, context)
    })
}
