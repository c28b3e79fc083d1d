import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isOwnTemporary, temporaryPath } from './atomic-write.js'
import { formatManifest, type Manifest, manifestFile } from './manifest.js'

/**
 * Where the process ends in the middle of a run (a second Ctrl-C), records what was saved and removes
 * what is half-written, at the last moment. It blocks, which then matters no more. The function it
 * gives calls that off.
 */
export function finishAtExit(folder: string, manifest: Manifest, saved: Manifest): () => void {
  const finish = () => {
    try {
      if (saved.size > 0) {
        const temporary = temporaryPath(join(folder, manifestFile))
        writeFileSync(temporary, formatManifest(manifest))
        renameSync(temporary, join(folder, manifestFile))
      }
      const left = readdirSync(folder).filter(isOwnTemporary)
      for (const name of left) rmSync(join(folder, name), { force: true })
    } catch {
      // There is nobody left to tell; the next run tidies up.
    }
  }
  if (unfinished.size === 0) process.once('exit', finishAll)
  unfinished.add(finish)
  return () => {
    unfinished.delete(finish)
    if (unfinished.size === 0) process.off('exit', finishAll)
  }
}

/** Those of all runs of this process: it has one listener for them, however many there are. */
const unfinished = new Set<() => void>()

function finishAll(): void {
  for (const finish of unfinished) finish()
}
