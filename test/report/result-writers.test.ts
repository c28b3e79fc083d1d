import { expect, test } from 'vitest'
import { createOutput } from '../../src/report/output.js'
import { jsonWriter, pathWriter, type ResultWriter } from '../../src/report/result-writers.js'
import { oneSaved, results } from '../helpers/results.js'
import { testStream } from '../helpers/run-main.js'

async function written(writer: (output: ReturnType<typeof createOutput>) => ResultWriter) {
  const { stream, text } = testStream()
  const output = createOutput(stream, {}, new AbortController().signal)
  const write = writer(output)
  for (const result of Object.values(results)) await write({ type: 'flag', result })
  await write({ type: 'summary', summary: oneSaved })
  await output.flush()
  return text()
}

test('the path writer prints the paths of the flags in place and nothing else', async () => {
  expect(await written(pathWriter)).toBe('out/br.gif\nout/cn.gif\n')
})

test('the JSON writer prints each result as it is, and the summary with its keys in order', async () => {
  const lines = (await written(jsonWriter)).split('\n')
  expect(lines.pop()).toBe('')
  const summary = lines.pop()
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    Object.values(results).map((result) => ({ type: 'flag', ...result })),
  )
  expect(lines[0]).toMatch(/^\{"type":"flag","status":"saved","code":"BR",/)
  expect(summary).toBe(
    '{"type":"summary","server":"local","concurrency":5,"total":1,"saved":1,"unchanged":0,' +
      '"notFound":0,"failed":0,"bytes":999,"durationMs":1236,"exitCode":0}',
  )
})
