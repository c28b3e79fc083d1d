// For node:http2, which takes 8 ms to load: undici speaks HTTP/1.1 unless `allowH2` is set.
module.exports = { constants: {} }
