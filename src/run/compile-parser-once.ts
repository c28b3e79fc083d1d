import { setFlagsFromString } from 'node:v8'

/**
 * undici reads HTTP with a parser in WebAssembly. V8 compiles it at once to plain code, and while the
 * run goes on a second time to faster code: 100 ms of a processor that the run itself could use, for
 * what saves microseconds a flag. This leaves the second time out. It holds for the whole process, so
 * it is for the program and not for the library.
 */
export function compileParserOnce(): void {
  setFlagsFromString('--liftoff-only')
}
