import { existsSync } from 'node:fs'
import { chromium, type Page } from 'playwright-core'
import { skips } from './needs.js'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Is there a browser to test with? */
export const hasBrowser =
  existsSync(executablePath) ||
  skips(`there is no Chromium at ${executablePath} (set CHROMIUM to its path)`)

export interface WindowOptions {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
  /** Let the page's policy allow everything. */
  readonly bypassCSP?: boolean
}

export type TestBrowser = Awaited<ReturnType<typeof launchBrowser>>

export type Visit = ReturnType<typeof watched>

/** A browser with a fresh profile, one window, and no background requests. */
export async function launchBrowser() {
  const quiet = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  // Chromium refuses to run as root, as in most containers, with its sandbox on.
  const chromiumSandbox = process.getuid?.() !== 0
  const browser = await chromium.launch({ executablePath, chromiumSandbox, args: quiet })
  const page = await browser.newPage()
  const devTools = await page.context().newCDPSession(page)
  return {
    /** Opens a URL in the window, instead of the previous page: a new window takes half a second. */
    async visit(url: string, options: WindowOptions = {}): Promise<Visit> {
      const { width = 1280, height = 800, colorScheme = 'light', bypassCSP = false } = options
      // The requests of the previous page end with it.
      await page.goto('about:blank')
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme })
      await devTools.send('Page.setBypassCSP', { enabled: bypassCSP })
      const visit = watched(page)
      await page.goto(url, { waitUntil: 'load' })
      return visit
    },
    close: () => browser.close(),
  }
}

/** Watches a page from now on, and nobody else does. */
function watched(page: Page) {
  /** What the browser requested, apart from the page itself. */
  const requests: string[] = []
  /** Errors and warnings of the console, exceptions, dialogs, failed requests. */
  const complaints: string[] = []
  for (const event of ['request', 'requestfailed', 'pageerror', 'console', 'dialog'] as const)
    page.removeAllListeners(event)
  page.on('request', (request) => {
    if (!request.isNavigationRequest()) requests.push(request.url())
  })
  page.on('requestfailed', (request) => void complaints.push(`failed: ${request.url()}`))
  page.on('pageerror', (error) => void complaints.push(error.message))
  page.on('console', (message) => void complaints.push(`${message.type()}: ${message.text()}`))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return { page, requests, complaints }
}
