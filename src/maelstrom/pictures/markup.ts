// What all pictures share: how text becomes markup, and a style that reads on light and on dark.
// A picture is complete in itself: it loads nothing and runs no script.

/** Colours by meaning. Those of operations are Maelstrom's, darker on light where they must be. */
const colors = `
:root { --paper: #ffffff; --ink: #1b2733; --soft: #5b6b7a; --line: #d5dce3; --band: #8a6fc4;
  --ok: #2f78c2; --info: #c47600; --fail: #c2448c; --bad: #d0245f; --server: #44525f;
  --ok-fill: #6db6fe; --info-fill: #ffaa26; --fail-fill: #feb5da; --panel: #f4f6f8;
  --q0: #9cc7ee; --q1: #5b9fdd; --q2: #2b6cb0; --q3: #123a66; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12181f; --ink: #e4eaf0; --soft: #9aa8b5; --line: #2c3742; --band: #a68fe0;
    --ok: #6db6fe; --info: #ffaa26; --fail: #feb5da; --bad: #ff5c97; --server: #b7c2cc;
    --panel: #1a222b; --q0: #2f6ea8; --q1: #4f97d8; --q2: #8cc0f2; --q3: #d3e8fb; }
}`;

const svgStyle = `${colors}
.paper { fill: var(--paper); }
text { font: 12px system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; fill: var(--ink); }
.title { font-size: 16px; font-weight: 600; }
.soft { fill: var(--soft); }
.middle { text-anchor: middle; }
.end { text-anchor: end; }
.mono { font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, monospace; font-size: 11px; }
.grid { stroke: var(--line); stroke-width: 1; }
.axis { stroke: var(--soft); stroke-width: 1; }
.band { fill: var(--band); fill-opacity: 0.1; }
.strip { fill: var(--band); fill-opacity: 0.75; }`;

/** An SVG document on paper of its own. */
export function svgDocument(
  {
    width,
    height,
    title,
    style,
  }: {
    readonly width: number;
    readonly height: number;
    readonly title: string;
    readonly style: string;
  },
  parts: readonly string[],
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${svgStyle}\n${style}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** An HTML document. */
export function htmlDocument(
  { title, style }: { readonly title: string; readonly style: string },
  parts: readonly string[],
): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escaped(title)}</title>`,
    `<style>${colors}\n${style}</style></head><body>`,
    ...parts,
    '</body></html>',
    '',
  ].join('\n');
}

/** Text as markup takes it; control characters, which XML forbids, are made visible. */
export function escaped(text: string): string {
  const marked = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  return suspect.test(marked) ? marked.replaceAll(/[^\P{Cc}\n\t]|\p{Cs}/gu, '\ufffd') : marked;
}

/** Control characters and surrogates, alone or not: to look for them by units is faster. */
const suspect = /[^\n\t\u0020-\u007e\u00a0-\ud7ff\ue000-\uffff]/;

/** Cut after so many characters. */
export function cut(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;
}

/** A coordinate, as short as it can be. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
