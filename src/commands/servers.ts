import { Command } from '@commander-js/extra-typings'
import { formatsOfServer, type Server, servers } from '../sources/servers.js'
import { type CommandContext, type CommandHelp, exitStatuses, withHelp } from './command.js'

/** `flags servers` */
export function serversCommand(context: CommandContext) {
  const help = {
    summary: 'list the servers that have a label',
    description: 'List the servers that --server knows by label, with their formats and licenses.',
    examples: [
      ['flags servers', 'a table'],
      ['flags servers --json | jq -r .label', 'the labels, for a program'],
    ],
    exitStatus: exitStatuses({ ok: 'the list was printed' }),
  } satisfies CommandHelp
  return withHelp(new Command('servers'), context, help)
    .option('--json', 'print JSON Lines to stdout')
    .action(async ({ json }) => {
      const lines = json ? servers.map((server) => JSON.stringify(facts(server))) : table()
      await context.stdout.write(`${lines.join('\n')}\n`)
    })
}

function facts(server: Server) {
  const { label, description, templates, widths, license } = server
  return { label, description, formats: formatsOfServer(server), widths, license, templates }
}

const titles = ['LABEL', 'FORMATS', 'WIDTHS', 'LICENSE', 'SERVER']

function table(): string[] {
  const rows = [titles, ...servers.map(rowOf)]
  const widths = titles.map((_title, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function rowOf(server: Server): string[] {
  const { label, description, widths, license } = server
  return [label, formatsOfServer(server).join(' '), widths.join(' ') || '-', license, description]
}
