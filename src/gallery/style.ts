/** The page's style. Text has a contrast of at least 4.5 to 1, in light and in dark (WCAG 2.2, AA). */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f5f3ee;
  --card: #fff;
  --ink: #1d1b18;
  --quiet: #5f5a52;
  --line: #e0dbd1;
  --edge: rgb(0 0 0 / 0.35);
  --accent: #0b57b7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #131416;
    --card: #1d1f22;
    --ink: #eeece8;
    --quiet: #a8a49c;
    --line: #303338;
    --edge: rgb(255 255 255 / 0.35);
    --accent: #8fbcff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  max-width: 80rem;
  padding: clamp(1rem, 4vw, 3rem);
  background: var(--page);
  color: var(--ink);
  font: 1rem/1.4 system-ui, sans-serif;
  overflow-wrap: anywhere;
}
h1 { margin: 0; font-size: clamp(2rem, 6vw, 3rem); line-height: 1.1; letter-spacing: -0.02em; }
h2 { margin: 2rem 0 1rem; font-size: 1.25rem; scroll-margin-top: 7rem; }
header p { margin: 0.25rem 0 0.75rem; color: var(--quiet); }
main:focus { outline: none; }
ul { margin: 0; padding: 0; list-style: none; }
.count, .code { color: var(--quiet); font-variant-numeric: tabular-nums; }
h2 .count { margin-left: 0.25rem; font-weight: normal; }
/* One row on a phone, where a sticky bar of many would hide the flags. */
/* As wide as the frames of the flags below it. */
nav { position: sticky; top: 0; z-index: 1; margin: 0 -3px; background: var(--page); overflow-x: auto; }
nav ul { display: flex; gap: 0.5rem; padding: 0.6rem 3px; }
nav li { flex: none; }
@media (min-width: 40rem) { nav ul { flex-wrap: wrap; } }
nav a {
  display: block;
  padding: 0.35rem 0.85rem;
  border: 1px solid var(--line);
  border-radius: 999px;
  background: var(--card);
  color: inherit;
  font-size: 0.9rem;
  text-decoration: none;
}
nav a:hover { border-color: var(--accent); }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; z-index: 2; left: 1rem; top: -6rem; padding: 0.5rem 1rem; background: var(--card); color: var(--accent); }
.skip:focus { top: 1rem; }
/* Captions stand below the flags without a box, so that a short name leaves no hole in one. */
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(9.25rem, 45%), 1fr)); gap: 1.25rem 1rem; }
.stage {
  display: grid;
  grid-template: minmax(0, 1fr) / minmax(0, 1fr);
  place-items: center;
  aspect-ratio: 4 / 3;
  min-height: 0;
  margin-bottom: 0.5rem;
}
.stage img {
  width: auto;
  height: auto;
  max-width: 100%;
  max-height: 100%;
  border-radius: 2px;
  box-shadow: 0 0 0 1px var(--edge);
  color: var(--quiet);
  font-size: 0.8rem;
}
.name { font-weight: 600; line-height: 1.25; }
.code, .formats { font-size: 0.85rem; letter-spacing: 0.04em; }
.formats { white-space: nowrap; }
.formats a { color: var(--accent); }
.missing li { padding: 0.4rem 0; border-top: 1px solid var(--line); }
.missing .code { display: inline-block; min-width: 2rem; }
@media print { nav, .skip { display: none; } .grid li { break-inside: avoid; } }
`
