import { SaxesParser, type SaxesTagNS } from 'saxes'
import type { ImageCheck } from './format.js'

const svgNamespace = 'http://www.w3.org/2000/svg'

/** The size of an image that states none (CSS 2.1, 10.3.2). */
const defaultSize = { width: 300, height: 150 }

/**
 * Is this a complete SVG image: well-formed XML, with an svg element of the SVG namespace as its root?
 * Entity declarations are refused: the program must not depend on what they bring in.
 */
export function checkSvg(bytes: Uint8Array): ImageCheck {
  const text = decodeUtf8(bytes)
  if (text === undefined) return failed(startsLikeXml(bytes) ? 'truncated' : 'wrong_format')
  if (!/^\ufeff?\s*</.test(text)) return failed('wrong_format')
  const document = parse(text)
  if (document.root && !isSvg(document.root)) return failed('wrong_format')
  if (document.problem) return failed(document.root ? document.problem : 'wrong_format')
  return document.root ? { isComplete: true, ...sizeOf(document.root) } : failed('wrong_format')
}

interface Document {
  /** The first element, as soon as its start tag is complete. */
  readonly root: SaxesTagNS | undefined
  readonly problem: 'truncated' | 'damaged' | undefined
}

function parse(text: string): Document {
  let root: SaxesTagNS | undefined
  let problem: 'truncated' | 'damaged' | undefined
  let isAtEnd = false
  const parser = new SaxesParser({ xmlns: true })
  parser.on('opentag', (tag) => {
    root ??= tag
  })
  parser.on('doctype', (doctype) => {
    if (/<!ENTITY/i.test(doctype)) problem ??= 'damaged'
  })
  // What is missing at the end, saxes notices only when the document is closed.
  parser.on('error', () => {
    problem ??= isAtEnd ? 'truncated' : 'damaged'
  })
  parser.write(text)
  isAtEnd = true
  parser.close()
  return { root, problem }
}

function isSvg({ local, uri }: SaxesTagNS): boolean {
  return local === 'svg' && uri === svgNamespace
}

/** From width and height, else from the viewBox (SVG 2, 8.2). */
function sizeOf({ attributes }: SaxesTagNS): { width: number; height: number } {
  const width = pixels(attributes.width?.value)
  const height = pixels(attributes.height?.value)
  if (width && height) return { width, height }
  const [, , boxWidth = 0, boxHeight = 0] = (attributes.viewBox?.value ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  const hasBox = boxWidth > 0 && boxHeight > 0
  return hasBox ? { width: boxWidth, height: boxHeight } : defaultSize
}

/** A length in pixels; undefined in a unit that depends on something else (%, em). */
function pixels(length = ''): number | undefined {
  const [, number, unit = ''] = /^\s*\+?(\d*\.?\d+)(px|pt|pc|in|cm|mm)?\s*$/.exec(length) ?? []
  const factor = number === undefined ? 0 : (pixelsPerUnit.get(unit) ?? 1)
  return factor > 0 ? Math.round(Number(number) * factor * 1000) / 1000 : undefined
}

/** CSS Values and Units, 6.2: an inch is 96 pixels. */
const pixelsPerUnit = new Map([
  ['pt', 96 / 72],
  ['pc', 16],
  ['in', 96],
  ['cm', 96 / 2.54],
  ['mm', 96 / 25.4],
])

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Was this text until it was cut, perhaps in the middle of a character? */
function startsLikeXml(bytes: Uint8Array): boolean {
  return /^\ufeff?\s*</.test(Buffer.from(bytes.subarray(0, 64)).toString())
}

function failed(reason: 'wrong_format' | 'truncated' | 'damaged'): ImageCheck {
  return { isComplete: false, reason }
}
