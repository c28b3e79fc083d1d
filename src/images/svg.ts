import { SaxesParser, type SaxesTagNS } from 'saxes'
import { type CheckSteps, failed, type Size } from './format.js'

/** Bytes parsed in one step. */
const stepBytes = 8192

// Limits that no drawing reaches, and beyond which a parser takes long.

/** Of elements in elements. */
const maxDepth = 100

/** Of one element. */
const maxAttributes = 1000

/** The pieces that saxes puts tokens together from, comments and values, between two start tags. */
const maxPieces = 200_000

/** A document type declaration of more characters is refused. */
const maxDoctypeLength = 10_000

/**
 * Is this a complete SVG image: well-formed XML, with an svg element of the SVG namespace as its root?
 * The only entities are short texts that the document itself declares: nothing external is loaded.
 */
export function* checkSvg(bytes: Uint8Array): CheckSteps {
  const document: SvgDocument = {}
  try {
    const decoder = new TextDecoder(encodingOf(bytes), { fatal: true })
    const { write, close } = createParser(document)
    for (let at = 0; at < bytes.length; at += stepBytes) {
      write(decoder.decode(bytes.subarray(at, at + stepBytes), { stream: true }))
      if (document.root && !isSvg(document.root)) return failed('wrong_format')
      yield
    }
    document.isAtEnd = true
    write(decoder.decode())
    close()
  } catch {
    // saxes and the decoder notice a missing end only at the end.
    if (document.isAtEnd) return failed('truncated')
    return failed(looksLikeSvg(bytes) ? 'damaged' : 'wrong_format')
  }
  return document.root ? { isComplete: true, ...sizeOf(document.root) } : failed('wrong_format')
}

/** Is svg the first name, in a document type or a tag? */
function looksLikeSvg(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, stepBytes)).toString('latin1')
  const first = /<(?:!DOCTYPE\s+)?[a-z][\w.:-]*/i.exec(start)?.[0]
  return first !== undefined && /[<:\s]svg$/.test(first)
}

interface SvgDocument {
  /** The first element, as soon as its start tag is complete. */
  root?: SaxesTagNS
  isAtEnd?: true
}

/**
 * A parser that throws at the first error or limit. It puts the root element into the document. With
 * more than six handlers, V8 keeps its properties in a dictionary, and it takes six times as long.
 */
function createParser(document: SvgDocument) {
  const parser = new SaxesParser({ xmlns: true })
  let depth = 0
  let attributes = 0
  let pieces = 0
  parser.on('attribute', () => {
    attributes += 1
    limit(attributes, maxAttributes)
  })
  parser.on('opentag', (tag) => {
    document.root ??= tag
    attributes = 0
    pieces = 0
    depth += 1
    limit(depth, maxDepth)
  })
  parser.on('closetag', () => {
    depth -= 1
  })
  parser.on('doctype', (doctype) => Object.assign(parser.ENTITIES, entitiesIn(doctype)))
  return {
    write(text: string) {
      // Where saxes ends a piece: a minus in a comment, a line end in a value, a bracket in CDATA.
      pieces += text.match(/[-\s\]?&]/g)?.length ?? 0
      parser.write(text)
      limit(pieces, maxPieces)
    },
    close: () => void parser.close(),
  }
}

function limit(value: number, max: number): void {
  if (value > max) throw new RangeError(`${value} is more than ${max}`)
}

/**
 * The entities that a document type declares (XML 1.0, 4.2): short texts, as drawing programs use for
 * namespaces. Throws for any other: an external one, one with markup, or one made of others.
 */
function entitiesIn(doctype: string): Record<string, string> {
  limit(doctype.length, maxDoctypeLength)
  const entities: Record<string, string> = {}
  const rest = doctype.replace(
    /<!ENTITY\s+([\w.-]{1,50})\s+(["'])([^%&<]{0,100}?)\2\s*>/g,
    (_declaration, name: string, _quote, text: string) => {
      entities[name] = text
      return ''
    },
  )
  if (rest.includes('<!ENTITY')) throw new Error('an entity that is no text')
  return entities
}

function isSvg({ local, uri }: SaxesTagNS): boolean {
  return local === 'svg' && uri === 'http://www.w3.org/2000/svg'
}

/** From width and height, else from the viewBox and the one that is there (SVG 2, 8.2). */
function sizeOf({ attributes }: SaxesTagNS): Size {
  const width = pixels(shortValue(attributes.width))
  const height = pixels(shortValue(attributes.height))
  const box = boxSize(shortValue(attributes.viewBox))
  if (width && height) return { width, height }
  // CSS 2.1, 10.3.2.
  if (!box) return { width: 300, height: 150 }
  if (width) return { width, height: rounded((width * box.height) / box.width) }
  if (height) return { width: rounded((height * box.width) / box.height), height }
  return box
}

/** Empty if it is longer than a size ever is: a regular expression would take long to match it. */
function shortValue(attribute: { readonly value: string } | undefined): string {
  return attribute && attribute.value.length <= 100 ? attribute.value : ''
}

function boxSize(viewBox: string): Size | undefined {
  const [, , width = 0, height = 0] = viewBox
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  return width > 0 && height > 0 ? { width, height } : undefined
}

/** A length in pixels; NaN in a unit that depends on something else (%, em). */
function pixels(length: string): number {
  // CSS Values and Units, 6.2: an inch is 96 pixels.
  const pixelsPerUnit = new Map<string | undefined, number>([
    ['pt', 96 / 72],
    ['pc', 16],
    ['in', 96],
    ['cm', 96 / 2.54],
    ['mm', 96 / 25.4],
  ])
  const match = /^\s*\+?(\d*\.?\d+)(px|pt|pc|in|cm|mm)?\s*$/.exec(length)
  return rounded(Number(match?.[1]) * (pixelsPerUnit.get(match?.[2]) ?? 1))
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** By the byte order mark, else as the XML declaration says (XML 1.0, appendix F); UTF-8 without either. */
function encodingOf(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  if (start.startsWith('\xff\xfe')) return 'utf-16le'
  if (start.startsWith('\xfe\xff')) return 'utf-16be'
  const declared = /^<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']/.exec(start)?.[1] ?? 'utf-8'
  // A declaration of UTF-16 that can be read without it is wrong.
  return /^utf-16/i.test(declared) ? 'utf-8' : declared
}
