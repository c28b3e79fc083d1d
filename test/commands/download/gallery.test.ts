import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { answering, flagServer } from '../../helpers/flag-server.js'
import { runMain } from '../../helpers/run-main.js'
import { tempFolder } from '../../helpers/temp-folder.js'

test('flags download --gallery writes the page, with the missing flags at its end', async () => {
  const { url } = await flagServer(answering({ CN: 418, XX: 404 }))
  const cwd = await tempFolder()
  const args = ['download', '--gallery', '-s', url, 'BR', 'CN', 'XX']
  const { stdout, stderr, exitCode } = await runMain(args, { cwd })
  expect(exitCode).toBe(1)
  expect(stdout).toBe(`${join('downloaded', 'br.gif')}\n`)
  expect(stderr).toContain(`gallery written to ${join('downloaded', 'index.html')}\n`)
  const page = await readFile(join(cwd, 'downloaded', 'index.html'), 'utf8')
  expect(page).toMatch(/src="br\.gif"/)
  expect(page).toMatch(
    /China[\s\S]*it could not be downloaded[\s\S]*XX[\s\S]*the server has no such flag/,
  )
})

test('the page lists every flag as missing if none was downloaded', async () => {
  const { url } = await flagServer(answering({}, 418))
  const cwd = await tempFolder()
  const { exitCode } = await runMain(['download', '--gallery', '-s', url, 'BR'], { cwd })
  expect(exitCode).toBe(1)
  const page = await readFile(join(cwd, 'downloaded', 'index.html'), 'utf8')
  expect(page).toContain('it could not be downloaded')
})
