// Updates the README's blocks with what the built program prints, after `npm run build`.

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const readme = readFileSync('README.md', 'utf8')
writeFileSync(
  'README.md',
  readme.replaceAll(
    /(<!-- flags (.*) -->\n```text\n)[\s\S]*?(```)/g,
    (_block, start, args, end) => {
      const printed = execFileSync('node', ['dist/bin.cjs', ...args.split(' ')], {
        encoding: 'utf8',
      })
      return start + printed + end
    },
  ),
)
