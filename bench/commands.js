import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a download is to do. @typedef {{ url: string, codes: string[], concurrency: number }} Job */

/** How each downloader is called, and how it is asked whether it is there; `out` is the output folder. */
export class Downloaders {
  #inputs = 0

  /** @param {string} folder for lists of URLs, and for what is downloaded */
  constructor(folder) {
    this.folder = folder
    this.out = join(folder, 'out')
    // Not whichever Python is first in the PATH: the one that has the distribution's packages.
    this.python = ['/usr/bin/python3', 'python3'].find((name) =>
      isThere(name, ['-c', 'import aiohttp, tqdm']),
    )
    this.hasCurl = isThere('curl', ['--version'])
    this.hasAria2 = isThere('aria2c', ['--version'])
  }

  /** @param {Job} job */
  flags({ url, codes, concurrency }) {
    const upper = codes.map((code) => code.toUpperCase()).join(' ')
    return `${process.execPath} dist/cli.cjs download ${upper} -s ${url} -c ${concurrency} -o ${this.out}`
  }

  /** @param {Job} job */
  async pythonProgram({ url, codes, concurrency }) {
    if (!this.python) return undefined
    const list = await this.#input(codes)
    return `${this.python} bench/downloader.py ${url} ${this.out} ${concurrency} ${list}`
  }

  /** @param {Job} job */
  async curl({ url, codes, concurrency }) {
    if (!this.hasCurl) return undefined
    const config = codes.map(
      (cc) => `url = "${url}/${cc}/${cc}.gif"\noutput = "${join(this.out, cc)}.gif"`,
    )
    const file = await this.#input(config)
    return `curl -s -Z --parallel-max ${concurrency} --create-dirs -K ${file}`
  }

  /** @param {Job} job */
  async aria2({ url, codes, concurrency }) {
    if (!this.hasAria2) return undefined
    const file = await this.#input(codes.map((cc) => `${url}/${cc}/${cc}.gif\n  out=${cc}.gif`))
    return `aria2c -q -j ${concurrency} -i ${file} -d ${this.out}`
  }

  /** @param {string[]} lines */
  async #input(lines) {
    const file = join(this.folder, `input-${++this.#inputs}`)
    await writeFile(file, `${lines.join('\n')}\n`)
    return file
  }
}

/**
 * @param {string} program
 * @param {string[]} words
 */
function isThere(program, words) {
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0
}
