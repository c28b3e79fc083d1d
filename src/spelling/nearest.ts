/** The candidate that a misspelt word was probably meant to be, whatever the case; undefined if none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  // A third of the letters may be wrong: more, and the guess is more puzzling than none.
  let least = Math.ceil(word.length / 3) + 1
  let found: string | undefined
  for (const candidate of candidates) {
    // So many letters would have to be added or removed alone.
    if (Math.abs(word.length - candidate.length) >= least) continue
    const edits = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (edits < least) [least, found] = [edits, candidate]
  }
  return found
}

/** Letters to insert, remove or replace to make one word of the other (Levenshtein's distance). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1)
      const removed = (row[column + 1] ?? 0) + 1
      const inserted = (next[column] ?? 0) + 1
      next.push(Math.min(replaced, removed, inserted))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
