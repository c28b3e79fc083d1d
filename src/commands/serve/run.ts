import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { RunError, shellQuoted, systemErrorText, UsageError } from '../../errors.js'
import { escapeControls } from '../../report/output.js'
import { isKnown } from '../../selection/select-codes.js'
import {
  embeddedFlags,
  embeddedPrefix,
  folderFiles,
  type Resources,
} from '../../server/folder-files.js'
import { type ServerOptions, startServer } from '../../server/server.js'
import { optionalManifest } from '../../store/manifest-file.js'
import { type CommandContext, writeNotes } from '../command.js'
import { type RecordedFlags, withIndexPage } from './index-page.js'

/** The options of `flags serve`. */
export interface ServeOptions extends Omit<ServerOptions, 'onResponse'> {
  readonly host: string
  /** The folder to serve. Default: the embedded flags. */
  readonly root?: string | undefined
  /** Log each request. */
  readonly verbose?: true | undefined
}

/** Serves flags, with a page for browsers, until the signal aborts. Prints the URL. */
export async function serve(
  { root, verbose, ...options }: ServeOptions,
  { stdout, stderr, signal }: CommandContext,
): Promise<void> {
  if (!isLoopback(options.host)) {
    await stderr.write(
      `warning: ${escapeControls(options.host)} is not a loopback address: other machines can reach this server\n`,
    )
  }
  const prefix = root === undefined ? embeddedPrefix : '/'
  const resources = root === undefined ? await embeddedFlags() : await openRoot(root)
  const log = (request: IncomingMessage, response: ServerResponse) =>
    void stderr.write(`${escapeControls(logLine(request, response))}\n`)
  const readRecorded = root === undefined ? undefined : () => recordedFlags(root)
  const server = await startServer(withIndexPage(resources, prefix, readRecorded), {
    ...options,
    onResponse: verbose && log,
  }).catch((error) => {
    const where = `${options.host}:${options.port}`
    throw new RunError(`cannot listen on ${where}: ${systemErrorText(error)}`, { cause: error })
  })
  try {
    await stdout.write(`${server.origin}${prefix}\n`)
    if (root !== undefined)
      await writeNotes(await flatFolderNotes(resources, server.origin), { stderr })
    if (stderr.isTerminal) await stderr.write('Press Ctrl-C to stop.\n')
    if (!signal.aborted) await once(signal, 'abort')
    // Moves the prompt below the ^C that the terminal echoes.
    if (stderr.isTerminal) await stderr.write('\n')
  } finally {
    await server.close()
  }
}

/** To the URL of a folder with all flags side by side, `/br.gif`, the path of a flag must be added. */
async function flatFolderNotes(resources: Resources, origin: string): Promise<string[]> {
  // A walk through a large folder would delay the end of the command.
  const paths = await resources.list(100)
  if (paths.some((path) => /^\/(\w+)\/\1\.\w+$/.test(path))) return []
  for (const path of paths) {
    const [, code = '', format] = /^\/([a-z]{2,3}|[A-Z]{2,3})\.(gif|png|svg|webp)$/.exec(path) ?? []
    const placeholder = code.replace(/[a-z]/g, 'c').replace(/[A-Z]/g, 'C')
    const url = shellQuoted(`${origin}/{${placeholder}}.${format}`)
    if (isKnown(code)) return [`download from this folder with 'flags download -s ${url}'`]
  }
  return []
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host)
}

async function openRoot(root: string): Promise<Resources> {
  try {
    return await folderFiles(root)
  } catch (error) {
    throw new UsageError(`cannot serve the folder ${root}: ${systemErrorText(error)}`, {
      cause: error,
    })
  }
}

/** The recorded flags; none in a folder without a valid flags.json. */
async function recordedFlags(root: string): Promise<RecordedFlags> {
  const records = (await optionalManifest(root).catch(() => undefined))?.values() ?? []
  return new Map([...records].map(({ file, code, country }) => [file, { code, name: country }]))
}

/** A request in the Common Log Format of web servers. */
function logLine(request: IncomingMessage, response: ServerResponse): string {
  const { method, url, httpVersion, socket } = request
  const bytes = response.getHeader('content-length') ?? '-'
  const time = logTime(new Date())
  const status = response.writableFinished ? response.statusCode : '-'
  return `${socket.remoteAddress ?? '-'} - - [${time}] "${method} ${url} HTTP/${httpVersion}" ${status} ${bytes}`
}

/** `24/Nov/2026:13:05:36 +0000`. */
function logTime(date: Date): string {
  const [, day, month, year, time] = date.toUTCString().split(' ')
  return `${day}/${month}/${year}:${time} +0000`
}
