// For node:http in undici, which takes 5 % of a run with one flag to load: undici compares the bodies of
// requests with the one, and ours have none; the other is Node's default.
module.exports = { IncomingMessage: class {}, maxHeaderSize: 16_384 }
