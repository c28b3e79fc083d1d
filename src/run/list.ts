import type { Output } from '../report/output.js'
import { countriesIn } from '../selection/countries-in.js'

export interface ListOptions {
  /** A continent, in any case. Default: all of them. */
  readonly region?: string | undefined
  /** An object a line. Default: the code and the name, with a tab between them. */
  readonly json?: boolean | undefined
}

/** Prints the known countries, a line each. Throws UsageError for a region that is no continent. */
export async function list({ region, json }: ListOptions, stdout: Output): Promise<void> {
  for (const { code, name, continent } of countriesIn(region)) {
    const line = json ? JSON.stringify({ code, name, continent }) : `${code}\t${name}`
    await stdout.write(`${line}\n`)
  }
}
