// The parts of undici that src/ uses. undici's own entry sets up fetch, WebSocket, caches, mocks and more,
// which takes 75 to 95 ms; each of these is set up when it is first used.

module.exports = {
  get Agent() {
    return require('../node_modules/undici/lib/dispatcher/agent.js')
  },
  get Pool() {
    return require('../node_modules/undici/lib/dispatcher/pool.js')
  },
  get ProxyAgent() {
    return require('../node_modules/undici/lib/dispatcher/proxy-agent.js')
  },
  get buildConnector() {
    return require('../node_modules/undici/lib/core/connect.js')
  },
}

// The one method, of those that undici's entry gives every dispatcher, that a proxy's tunnel needs.
Object.defineProperty(
  require('../node_modules/undici/lib/dispatcher/dispatcher.js').prototype,
  'connect',
  {
    configurable: true,
    get: () => require('../node_modules/undici/lib/api/api-connect.js'),
    set(connect) {
      Object.defineProperty(this, 'connect', { value: connect })
    },
  },
)
