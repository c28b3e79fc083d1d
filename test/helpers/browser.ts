import { existsSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { chromium } from 'playwright-core'
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

export interface Visit {
  readonly page: Page
  /** What the browser requested, apart from the page itself. */
  readonly requests: string[]
  /** Errors and warnings of the console, exceptions, dialogs, failed requests. */
  readonly complaints: string[]
}

export interface TestBrowser {
  /** Opens a URL in the window, instead of the previous page: a new window takes half a second. */
  visit(url: string, options?: WindowOptions): Promise<Visit>
  close(): Promise<void>
}

/** A browser with a fresh profile, one window, and no background requests. */
export async function launchBrowser(): Promise<TestBrowser> {
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
    async visit(
      url,
      { width = 1280, height = 800, colorScheme = 'light', bypassCSP: enabled = false } = {},
    ) {
      // The requests of the previous page end with it.
      await page.goto('about:blank')
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme })
      await devTools.send('Page.setBypassCSP', { enabled })
      const visit = watched(page)
      await page.goto(url, { waitUntil: 'load' })
      return visit
    },
    close: () => browser.close(),
  }
}

/** Watches a page from now on, and nobody else does. */
function watched(page: Page): Visit {
  const requests: string[] = []
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
