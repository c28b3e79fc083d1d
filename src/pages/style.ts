/** The colors of every page. Text has a contrast of at least 4.5 to 1 (WCAG 2.2, AA). */
const palette = `
:root {
  color-scheme: light dark;
  --page: #f5f3ee;
  --card: #fff;
  --ink: #1d1b18;
  --quiet: #5f5a52;
  --line: #e0dbd1;
  --accent: #0b57b7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #131416;
    --card: #1d1f22;
    --ink: #eeece8;
    --quiet: #a8a49c;
    --line: #303338;
    --accent: #8fbcff;
  }
}
`

/** What every page shares. */
const base = `${palette}
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
h2 { margin: 2rem 0 1rem; font-size: 1.25rem; }
header p { margin: 0.25rem 0 0.75rem; color: var(--quiet); }
ul, ol, dl, dd { margin: 0; padding: 0; list-style: none; }
a { color: var(--accent); }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; z-index: 2; left: 1rem; top: -6rem; padding: 0.5rem 1rem; background: var(--card); }
.skip:focus { top: 1rem; }
@media print { .skip { display: none; } }
`

export const galleryStyle = `${base}
:root { --edge: rgb(0 0 0 / 0.35); }
@media (prefers-color-scheme: dark) { :root { --edge: rgb(255 255 255 / 0.35); } }
h2 { scroll-margin-top: 7rem; }
main:focus { outline: none; }
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
.missing li { padding: 0.4rem 0; border-top: 1px solid var(--line); }
.missing .code { display: inline-block; min-width: 2rem; }
@media print { nav { display: none; } .grid li { break-inside: avoid; } }
`

/**
 * The colors differ by at least 13 in CIE Lab for every kind of color blindness, and have a contrast of 3
 * to 1 or more. Phases differ in thickness, too: thin lines wait here, thick ones for the server.
 */
const chartStyle = `
:root {
  --queued: #8a8478;
  --delayed: #99004d;
  --connecting: #d95f02;
  --waiting: #4596dd;
  --reading: #123a8c;
  --checking: #808080;
  --saving: #111;
  --failure: #b00020;
}
@media (prefers-color-scheme: dark) {
  :root {
    --line: #36393e;
    --queued: #7d7a73;
    --delayed: #e8559f;
    --connecting: #e8731f;
    --waiting: #3d8fe0;
    --reading: #a8d8ff;
    --checking: #ffe066;
    --saving: #fff;
    --failure: #ff8a80;
  }
}
svg { font: 11px system-ui, sans-serif; fill: var(--ink); }
svg .card { fill: var(--card); }
svg .tick { stroke: var(--line); }
svg .label { fill: var(--quiet); }
svg .open { fill: var(--waiting); }
svg .limit { fill: none; stroke: var(--failure); stroke-width: 2; stroke-dasharray: 6 3; vector-effect: non-scaling-stroke; }
svg .hit { fill: transparent; }
svg .row:hover .hit { fill: var(--line); }
svg .q, svg .d, svg .c, svg .w, svg .r, svg .k, svg .s { stroke-width: 8; }
svg .q { stroke: var(--queued); stroke-width: 1.5; }
svg .d { stroke: var(--delayed); stroke-width: 3; stroke-dasharray: 4 2; }
svg .c { stroke: var(--connecting); }
svg .w { stroke: var(--waiting); }
svg .r { stroke: var(--reading); }
svg .k { stroke: var(--checking); stroke-width: 5; }
svg .s { stroke: var(--saving); stroke-width: 5; }
svg .x { fill: var(--failure); font-size: 16px; font-weight: bold; text-anchor: middle; }
svg .dense .x { font-size: 10px; }
svg .dense line { stroke-width: 4; }
svg .dense .q { stroke-width: 1; }
`

/** A chart that is a picture of its own. */
export const pictureStyle = palette + chartStyle

export const timelineStyle = `${base}${chartStyle}
h2 { margin-bottom: 0.75rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0.5rem 1.5rem; margin-bottom: 1rem; }
.figures dt { color: var(--quiet); font-size: 0.85rem; }
.figures dd { font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.figures .slowest { grid-column: span 2; }
.slowest li { display: inline-block; margin-right: 0.75rem; font-size: 0.9rem; font-weight: normal; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; font-size: 0.85rem; }
figure { margin: 0 0 1rem; }
figcaption { margin-bottom: 0.25rem; color: var(--quiet); font-size: 0.85rem; }
figure > svg { display: block; margin-bottom: 0.5rem; padding-left: 6px; background: var(--card); }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 3px solid var(--accent); }
table { border-collapse: collapse; font-size: 0.8rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
th, td { padding: 0.2rem 0.5rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, tr > :nth-last-child(-n + 2) { text-align: left; }
thead th { vertical-align: bottom; white-space: normal; }
:target { background: var(--line); }
@media print { figure > svg, tr { break-inside: avoid; } }
`
