import { existsSync } from 'node:fs'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { skips } from './needs.js'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Is there a browser to test with? */
export const hasBrowser =
  existsSync(executablePath) ||
  skips(`there is no Chromium at ${executablePath} (set CHROMIUM to its path)`)

/** A browser with a fresh profile and no background requests. */
export function launchBrowser(): Promise<Browser> {
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
  return chromium.launch({ executablePath, chromiumSandbox, args: quiet })
}

export interface Visit {
  readonly page: Page
  /** What the browser asked for, beside the page itself. */
  readonly requests: string[]
  /** Errors and warnings of the console, exceptions, dialogs, failed requests. */
  readonly complaints: string[]
}

/** Opens a URL in a new window, which closes with the test. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const requests: string[] = []
  const complaints: string[] = []
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
  await page.goto(url, { waitUntil: 'load' })
  return { page, requests, complaints }
}
