// For node:assert in undici: a failed assertion there reads and parses its source to describe itself,
// which takes seconds in a bundle of one line. A malformed response is no reason to block the event loop.
const assert = (value, message) => {
  if (value) return
  if (message instanceof Error) throw message
  throw Object.assign(new Error(message ?? 'assertion failed'), { code: 'ERR_ASSERTION' })
}

module.exports = Object.assign(assert, {
  ok: assert,
  equal: (a, b, message) => assert(a === b, message),
  strictEqual: (a, b, message) => assert(a === b, message),
  notStrictEqual: (a, b, message) => assert(a !== b, message),
  deepStrictEqual: () => {},
})
