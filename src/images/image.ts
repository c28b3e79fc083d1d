import { setImmediate } from 'node:timers/promises'
import pLimit from 'p-limit'
import { clockMs } from '../node.js'
import { type CheckSteps, failed, type ImageCheck, type ImageFormat } from './format.js'

/** Is this a complete image? Its pixels are not decoded. */
export type ImageChecker = (bytes: Uint8Array) => Promise<ImageCheck>

/**
 * The checker of a format. Each is loaded when it is first needed: most runs need one. Most images are
 * checked at once; the others one at a time, so that several block the event loop no longer than one.
 */
export async function imageChecker(format: ImageFormat): Promise<ImageChecker> {
  const check = await loadCheck(format)
  const limit = pLimit(1)
  return async (bytes) => {
    if (bytes.length === 0) return failed('empty')
    const steps = check(bytes)
    return runSlice(steps) ?? limit(() => runInSlices(steps))
  }
}

async function loadCheck(format: ImageFormat): Promise<(bytes: Uint8Array) => CheckSteps> {
  switch (format) {
    case 'gif':
      return (await import('./gif.js')).checkGif
    case 'png':
      return (await import('./png.js')).checkPng
    case 'svg':
      return (await import('./svg.js')).checkSvg
    case 'webp':
      return (await import('./webp.js')).checkWebp
  }
}

/** The longest time that a check runs before others may. */
const maxSliceMs = 5

/** The result of the check; undefined if it takes longer. */
function runSlice(steps: CheckSteps): ImageCheck | undefined {
  const end = clockMs() + maxSliceMs
  do {
    const step = steps.next()
    if (step.done) return step.value
  } while (clockMs() < end)
  return undefined
}

async function runInSlices(steps: CheckSteps): Promise<ImageCheck> {
  for (;;) {
    await setImmediate()
    const check = runSlice(steps)
    if (check) return check
  }
}
