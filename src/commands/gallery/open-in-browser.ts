import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { systemErrorText } from '../../errors.js'

/**
 * Opens a file with the platform's program for it and resolves to the problem, if there was one. Waits
 * for the opener to end, as some of them show the file themselves; aborting ends that.
 */
export async function openInBrowser(
  path: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [opener, ...args] = openerOf(process.platform)
  // No shell: a path is one argument whatever is in it, and absolute, so that it is never an option.
  const child = spawn(opener, [...args, resolve(path)], { stdio: 'ignore', env, signal })
  try {
    const [exitCode] = await once(child, 'exit')
    return exitCode === 0 ? undefined : `${opener} ended with status ${exitCode}`
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
