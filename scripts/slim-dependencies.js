// What the program leaves out of its dependencies, because loading it takes long and nothing uses it.
// The library, which has the whole packages, is not built with these.

/** What src/ imports of undici, and the file of undici that each is in. */
export const undiciParts = {
  Agent: './lib/dispatcher/agent.js',
  Pool: './lib/dispatcher/pool.js',
  EnvHttpProxyAgent: './lib/dispatcher/env-http-proxy-agent.js',
}

/** Of the methods that undici's entry gives every dispatcher, a proxy's tunnel needs this one. */
const connectMethod = `Object.defineProperty(require('./lib/dispatcher/dispatcher.js').prototype, 'connect', {
  get() { return require('./lib/api/api-connect.js') },
})`

/**
 * undici's entry sets up fetch, WebSocket, caches, mocks and more, which takes 75 to 95 ms. This one gives
 * its own files for the parts above, and each is set up when it is first used. A test holds that the program and the library behave the same.
 *
 * @type {import('esbuild').Plugin}
 */
export const slimUndici = {
  name: 'slim-undici',
  setup(build) {
    const getters = Object.entries(undiciParts).map(
      ([name, file]) => `get ${name}() { return require('${file}') }`,
    )
    build.onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'slim' }))
    build.onLoad({ filter: /^undici$/, namespace: 'slim' }, () => ({
      contents: `module.exports = { ${getters.join(', ')} }; ${connectMethod}`,
      resolveDir: 'node_modules/undici',
    }))

    // HTTP/2, and bodies to send: nothing calls them while `allowH2` is not set and all requests are GETs.
    build.onLoad({ filter: /undici.lib.(dispatcher.client-h2|web.fetch.body)\.js$/ }, () => ({
      contents: 'module.exports = undefined',
    }))
  },
}

/**
 * commander loads Node's child_process for subcommands that are programs of their own; none of ours is.
 *
 * @type {import('esbuild').Plugin}
 */
export const slimCommander = {
  name: 'slim-commander',
  setup(build) {
    build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /node_modules.commander./.test(importer) ? { path: 'none', namespace: 'none' } : undefined,
    )
    build.onLoad({ filter: /^none$/, namespace: 'none' }, () => ({ contents: '' }))
  },
}
