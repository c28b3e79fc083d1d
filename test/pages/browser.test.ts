import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { imageFormats } from '../../src/images/format.js'
import { formatManifest } from '../../src/store/manifest.js'
import {
  hasBrowser,
  launchBrowser,
  type TestBrowser,
  type Visit,
  type WindowOptions,
} from '../helpers/browser.js'
import { flagServer } from '../helpers/flag-server.js'
import { gif } from '../helpers/gif.js'
import { manifestOf, record } from '../helpers/manifest.js'
import { rudeServer, status, whole } from '../helpers/rude-server.js'
import { runMain } from '../helpers/run-main.js'
import { serveFlags } from '../helpers/serve-flags.js'
import { tempFolder } from '../helpers/temp-folder.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let browser: TestBrowser
let shared: string
/** The gallery of a folder with five flags, one more of which is missing: its URL on disk. */
let onDisk: string

beforeAll(async () => {
  if (!hasBrowser) return
  browser = await launchBrowser()
  shared = await mkdtemp(join(tmpdir(), 'flags-test-'))
  onDisk = await galleryOfFive(shared)
})
afterAll(async () => {
  if (!hasBrowser) return
  await browser.close()
  await rm(shared, { recursive: true })
})

async function galleryOfFive(cwd: string): Promise<string> {
  await runMain(['download', 'BR', 'CF', 'DE', 'EU', 'JP'], { cwd })
  await runMain(['download', 'BR', '--format', 'svg'], { cwd })
  const file = join(cwd, 'downloaded', 'flags.json')
  const { version, flags } = JSON.parse(await readFile(file, 'utf8'))
  flags.IN = { gif: { ...flags.BR.gif, file: 'in.gif', country: 'India' } }
  await writeFile(file, JSON.stringify({ version, flags }))
  return galleryOf(cwd)
}

async function galleryOf(cwd: string): Promise<string> {
  const { stdout } = await runMain(['gallery'], { cwd })
  return pathToFileURL(join(cwd, stdout.trimEnd())).href
}

/** Country names and file names as an attacker would choose them. */
const hostile = {
  BR: [`<script>alert('name')</script>`, `<script>alert('file').gif`],
  CN: [`"><img src=x onerror=alert(1)>`, `" onerror="alert(1).gif`],
  DE: ['\u202eevil \u05e9\u05dc\u05d5\u05dd', '\u202efig.\u05e9.gif'],
  FR: ['</style></title><base href=//example.org>', 'javascript:alert(1).gif'],
  IN: [`it's 100% & "so" \ud800`, '#50%25 ?a=b&amp;.gif'],
  JP: ['long'.repeat(75), `${'x'.repeat(200)}.gif`],
} as const

/** The gallery of a folder with those, in a folder with such a name. */
async function ofHostileNames(): Promise<string> {
  const cwd = join(await tempFolder(), `<b onclick='x'>"#%41`)
  const folder = join(cwd, 'downloaded')
  await mkdir(folder, { recursive: true })
  const records = Object.entries(hostile).map(([code, [country, file]]) =>
    record(code, { country, file }),
  )
  for (const { code, file } of records) await writeFile(join(folder, file), gif(code))
  const missing = record('US', { country: hostile.CN[0], file: 'no.gif' })
  const manifest = formatManifest(manifestOf(...records, missing))
  await writeFile(join(folder, 'flags.json'), manifest)
  return galleryOf(cwd)
}

/** The widths of all images, also of those that the window does not show yet. */
function naturalWidths(page: Page): Promise<number[]> {
  return page.locator('img').evaluateAll((images) =>
    Promise.all(
      images.map(async (image) => {
        image.loading = 'eager'
        await image.decode()
        return image.naturalWidth
      }),
    ),
  )
}

function textsOf(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).allTextContents()
}

/** Nothing but images beside the page was requested, and nothing ran or complained. */
function expectHarmless({ requests, complaints }: Visit, url: string): void {
  expect(complaints).toEqual([])
  const elsewhere = requests.filter((request) => !request.startsWith(new URL('.', url).href))
  expect(elsewhere).toEqual([])
  expect(requests.filter((request) => !/\.(gif|svg)$/.test(request))).toEqual([])
}

/** A page fits the window, and axe finds no violation. */
async function expectAccessible(url: string, window: WindowOptions): Promise<Page> {
  // The page forbids all scripts, so it is loaded without its policy, for axe only.
  const { page } = await browser.visit(url, { ...window, bypassCSP: true })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(window.width)
  await page.evaluate(axe)
  const { violations, passes } = await page.evaluate<AxeResults>('axe.run()')
  expect(violations).toEqual([])
  expect(passes.map(({ id }) => id)).toContain('color-contrast')
  return page
}

describe.runIf(hasBrowser)('the gallery in a browser', () => {
  test('from disk shows the flags by continent, and requests nothing else', async () => {
    const shown = await browser.visit(onDisk)
    // Of two formats, the SVG is shown: without a size, browsers make it 150 pixels high.
    expect(await naturalWidths(shown.page)).toEqual([320, 320, 320, 200, 320])
    expectHarmless(shown, onDisk)
    expect(await textsOf(shown.page, 'h2')).toEqual([
      'Africa 1',
      'Asia 1',
      'Europe 1',
      'South America 1',
      'Other flags 1',
      'Missing 1',
    ])
    expect(await textsOf(shown.page, '.missing li')).toEqual(['IN India: its file is missing'])
  })

  test('from flags serve shows every embedded flag, those out of view when they come near', async () => {
    const { url } = await serveFlags()
    const shown = await browser.visit(url)
    // The images in view may be requested after the page has loaded.
    await shown.page
      .locator('img')
      .first()
      .evaluate((image) => image.decode())
    const early = shown.requests.length
    const widths = await naturalWidths(shown.page)
    expect(widths.length).toBeGreaterThanOrEqual(249)
    expect(new Set(widths)).toEqual(new Set([320]))
    expect(early).toBeGreaterThan(0)
    expect(early).toBeLessThan(widths.length)
    expectHarmless(shown, url)
  })

  test.each([
    ['from disk', async () => onDisk],
    ['of hostile names', ofHostileNames],
  ])(
    '%s fits narrow and wide windows, in light and dark, without a violation for axe',
    async (_, start) => {
      const url = await start()
      const backgrounds = new Set<string>()
      for (const [width, colorScheme] of [
        [360, 'light'],
        [1280, 'dark'],
      ] as const) {
        const page = await expectAccessible(url, { width, colorScheme })
        backgrounds.add(await page.evaluate('getComputedStyle(document.body).backgroundColor'))
      }
      expect(backgrounds.size).toBe(2)
    },
  )

  test('shows hostile names as text, without effect', async () => {
    const url = await ofHostileNames()
    const shown = await browser.visit(url)
    expect(await naturalWidths(shown.page)).toEqual([3, 3, 3, 3, 3, 3])
    expectHarmless(shown, url)
    const names = Object.values(hostile).map(([name]) => name.replace('\ud800', '\ufffd'))
    expect((await textsOf(shown.page, '.grid bdi')).sort()).toEqual([...names].sort())
    expect(await textsOf(shown.page, '.missing bdi')).toEqual([hostile.CN[0]])
    expect(await shown.page.locator('script, base, [onerror], [onclick]').count()).toBe(0)
  })

  test('runs no script and loads nothing from elsewhere, whatever its content', async () => {
    const { url, requests } = await flagServer()
    const { page } = await browser.visit(onDisk)
    await page.evaluate(`new Promise((resolve) => {
      document.body.insertAdjacentHTML('beforeend', '<b style="color: rgb(9, 9, 9)">x</b>' +
        '<img src="${url}/br.gif" onerror="window.ran = true">')
      document.querySelector('img:not([alt])').addEventListener('error', resolve)
    })`)
    expect(requests).toEqual([])
    expect(await page.evaluate('window.ran')).toBeUndefined()
    const color = await page.evaluate(`getComputedStyle(document.querySelector('b')).color`)
    expect(color).not.toBe('rgb(9, 9, 9)')
  })

  test('gives every flag the same space, whatever its shape', async () => {
    const root = await tempFolder()
    await writeFile(join(root, 'np.gif'), gif('', 300, 900))
    await writeFile(join(root, 'qa.gif'), gif('', 900, 300))
    await writeFile(join(root, 'ch.gif'), gif('', 20, 20))
    const { page } = await browser.visit((await serveFlags('--root', root)).url)
    for (const item of await page.locator('.grid li').all()) {
      const stage = await item.locator('.stage').boundingBox()
      const image = await item.locator('img').boundingBox()
      if (!stage || !image) throw new Error('not to be seen')
      expect(stage.width / stage.height).toBeCloseTo(4 / 3, 1)
      expect(image.width).toBeLessThanOrEqual(stage.width)
      expect(image.height).toBeLessThanOrEqual(stage.height)
    }
    const shapes = await page
      .locator('img')
      .evaluateAll((images) => images.map(({ width, height }) => (width / height).toFixed(1)))
    expect(shapes.sort()).toEqual(['0.3', '1.0', '3.0'])
  })

  test('keeps the index of the continents in view, with a way back to the top', async () => {
    const { page } = await browser.visit((await serveFlags()).url, { width: 360, height: 500 })
    await page.getByRole('link', { name: 'South America' }).click()
    const nav = page.getByRole('navigation')
    const heading = page.getByRole('heading', { name: 'South America' })
    expect((await nav.boundingBox())?.y).toBe(0)
    const below = (await nav.boundingBox())?.height ?? 0
    expect((await heading.boundingBox())?.y).toBeGreaterThanOrEqual(below)
    await page.getByRole('link', { name: 'Top' }).click()
    expect(await page.evaluate('scrollY')).toBe(0)
  })

  test('draws a frame around each flag, so that a white one shows', async () => {
    const { page } = await browser.visit(onDisk)
    const shadow = `getComputedStyle(document.querySelector('.stage img')).boxShadow`
    expect(await page.evaluate(shadow)).toMatch(/^rgba\(0, 0, 0, 0\.35\) 0px 0px 0px 1px/)
  })

  test('lets keyboard users skip the links', async () => {
    const { page } = await browser.visit(onDisk)
    await page.keyboard.press('Tab')
    const skip = page.getByRole('link', { name: 'Skip to the flags' })
    expect(await skip.evaluate((link) => link === link.ownerDocument.activeElement)).toBe(true)
    expect((await skip.boundingBox())?.y).toBeGreaterThan(0)
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('flags')
    await page.keyboard.press('Shift+Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Missing 1')
    await page.getByRole('link', { name: 'Asia' }).click()
    expect(new URL(page.url()).hash).toBe('#asia')
  })
})

describe.runIf(hasBrowser)('a downloaded flag in a browser', () => {
  test('has its recorded size in each format, or the ratio in an SVG without a size', async () => {
    const cwd = await tempFolder()
    for (const format of imageFormats)
      await runMain(['download', 'BR', 'CH', 'NP', 'QA', 'RS', '--format', format], { cwd })
    const folder = join(cwd, 'downloaded')
    const { flags } = JSON.parse(await readFile(join(folder, 'flags.json'), 'utf8'))
    const records = Object.values<Record<string, { file: string; width: number; height: number }>>(
      flags,
    ).flatMap((formats) => Object.values(formats))
    expect(records).toHaveLength(20)
    const page = join(folder, 'page.html')
    await writeFile(page, records.map(({ file }) => `<img src="${file}">`).join(''))
    const shown = await browser.visit(pathToFileURL(page).href)
    const sizes = await shown.page
      .locator('img')
      .evaluateAll((images) =>
        images.map(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight]),
      )
    const sizeOf = (file: string, width = 0, height = 1) =>
      file.endsWith('.svg') ? width / height : [width, height]
    expect(records.map(({ file }, at) => sizeOf(file, ...(sizes[at] ?? [])))).toEqual(
      records.map(({ file, width, height }) => sizeOf(file, width, height)),
    )
  })
})

/** The timeline of a run with a retry and a failure, in this format: its file, and the server's URL. */
async function recordedRun(format: string): Promise<{ file: string; url: string }> {
  const answers = { AA: [status('500 Trouble'), whole], BB: [status('410 Gone')] }
  const { url } = await rudeServer(answers)
  const cwd = await tempFolder()
  const file = `run.${format}`
  await runMain(['download', 'AA', 'BB', 'CC', '-s', url, '--timeline', file], { cwd })
  return { file: join(cwd, file), url }
}

describe.runIf(hasBrowser)('a timeline in a browser', () => {
  test.each([
    [390, 'dark'],
    [1280, 'light'],
  ] as const)(
    'fits a window of %i pixels, in %s colors, without a violation for axe or a request',
    async (width, colorScheme) => {
      const { href } = pathToFileURL((await recordedRun('html')).file)
      const { page, ...shown } = await browser.visit(href, { width, colorScheme })
      expect(shown).toEqual({ requests: [], complaints: [] })
      const bar = await page.locator('.row .w').first().boundingBox()
      expect(bar?.width).toBeGreaterThan(0)
      await expectAccessible(href, { width, colorScheme })
    },
  )

  test('links each row to its numbers, for the keyboard too', async () => {
    const { href } = pathToFileURL((await recordedRun('html')).file)
    const { page } = await browser.visit(href)
    const row = page.locator('a.row').first()
    const code = (await row.locator('title').textContent())?.slice(0, 2)
    await row.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(({ hash }) => hash === `#0-${code}`)
    expect(await page.locator('tr:target th').textContent()).toContain(code)
  })

  test('plays back from an HTTP Archive', async () => {
    const { file, url } = await recordedRun('har')
    const { page } = await browser.visit('about:blank')
    onTestFinished(() => page.unrouteAll())
    await page.routeFromHAR(file, { notFound: 'abort' })
    expect((await page.goto(`${url}/cc/cc.gif`))?.status()).toBe(200)
    expect(await page.evaluate(`fetch('/bb/bb.gif').then(({ status }) => status)`)).toBe(410)
    await expect(page.goto(`${url}/dd/dd.gif`)).rejects.toThrow('ERR_FAILED')
  })
})
