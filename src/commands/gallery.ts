import { once } from 'node:events'
import { resolve } from 'node:path'
import { defaults } from '../download/settings.js'
import { systemErrorText } from '../errors.js'
import { type CommandContext, createCommand, folderVariable, writeNotes } from './command.js'
import { nonEmpty } from './options.js'

/** `flags gallery [dir]` */
export function galleryCommand(context: CommandContext) {
  const { env, stdout, signal } = context
  return createCommand('gallery', context, {
    summary: 'write a page of the flags in a folder',
    description:
      'Write index.html, a page of the flags in a folder, grouped by continent. If a flag has several formats, the page shows the SVG, or else the newest.',
    examples: [
      ['flags gallery', 'for downloaded/'],
      ['flags gallery flags --open', 'for flags/, opened in a browser'],
    ],
    environment: folderVariable,
    exitStatus: {
      ok: 'the page was written',
      cannotRun:
        'the folder has no valid flags.json or cannot be written to, or its index.html was not written by flags',
    },
  })
    .argument('[dir]', 'folder of flags', nonEmpty, defaults.output)
    .option('--open', 'open the page in the browser')
    .action(async (folder, { open }) => {
      const { writeGallery } = await import('./write-gallery.js')
      const { path, notes } = await writeGallery(folder, signal)
      await writeNotes(notes, context)
      await stdout.write(`${path}\n`)
      if (!open) return
      const problem = await openInBrowser(path, env, signal)
      if (problem) await writeNotes([`cannot open ${path}: ${problem}`], context)
    })
}

/**
 * Opens a file with the platform's program for it and resolves to the problem, if there was one. Waits for
 * the opener to exit, because some show the file themselves; aborting ends it.
 */
async function openInBrowser(
  path: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string | undefined> {
  // Most galleries are only written: node:child_process takes 3 ms to load.
  const { spawn } = await import('node:child_process')
  const [opener, ...args] = openerOf(process.platform)
  // No shell: a path is one argument whatever is in it, and absolute, so that it is never an option.
  const child = spawn(opener, [...args, resolve(path)], { stdio: 'ignore', env, signal })
  try {
    const [exitCode] = await once(child, 'exit')
    return exitCode === 0 ? undefined : `${opener} exited with status ${exitCode}`
  } catch (error) {
    signal.throwIfAborted()
    return `${opener}: ${systemErrorText(error)}`
  }
}

function openerOf(platform: NodeJS.Platform): [opener: string, ...args: string[]] {
  switch (platform) {
    case 'darwin':
      return ['open']
    case 'win32':
      // `start` exists only inside the command shell; this is what it does.
      return ['rundll32', 'url.dll,FileProtocolHandler']
    default:
      return ['xdg-open']
  }
}
