import type { CheckSteps, ImageCheck } from '../../src/images/format.js'

/** The result of a check, without a pause between its steps. */
export function finish(steps: CheckSteps, onStep = () => {}): ImageCheck {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    onStep()
  }
}
