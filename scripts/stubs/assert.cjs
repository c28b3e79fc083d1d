// For node:assert in undici: a failed assertion there reads and parses its source to describe itself,
// which takes seconds in a bundle of one line. A malformed response is no reason to block the event loop.
/** @param {unknown} value @param {string | Error} [message] */
const assert = (value, message) => {
  if (value) return
  if (message instanceof Error) throw message
  throw Object.assign(new Error(message ?? 'assertion failed'), { code: 'ERR_ASSERTION' })
}

/** @param {unknown} a @param {unknown} b @param {string | Error} [message] */
const assertSame = (a, b, message) => assert(a === b, message)

/** @param {unknown} a @param {unknown} b @param {string | Error} [message] */
const assertDifferent = (a, b, message) => assert(a !== b, message)

module.exports = Object.assign(assert, {
  ok: assert,
  equal: assertSame,
  strictEqual: assertSame,
  notStrictEqual: assertDifferent,
})
