// A page that needs nothing else: the diagram, a slider through the events, and the state of each
// node as of the slider. In the manner of Maelstrom's messages.svg and Porcupine's page.
import type { Step } from '../../sim/step.js';
import type { World } from '../../sim/world.js';
import { show } from '../diagram/show.js';
import { type Export, escaped, type Stretch } from './export.js';
import { drawing } from './svg.js';

export const html: Export = {
  extension: '.html',
  about: 'a page with the diagram, a slider and the states of the nodes',
  eventsMax: 3_000,
  write,
};

/** Characters of a state that are shown. */
const stateMax = 1_500;

function write(stretch: Stretch): string {
  const { track, title, from, to } = stretch;
  const verdict = track.violations[0];
  const lead =
    verdict === undefined ? 'No checker objects.' : `${verdict.checker}: ${verdict.about}`;
  // `<` would end the script early.
  const facts = JSON.stringify({ from, to, states: statesOf(stretch) }).replaceAll('<', '\\u003c');
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<title>${escaped(title)}</title><style>${style}</style></head><body>`,
    `<header><h1>${escaped(title)}</h1><p>${escaped(lead)}</p>`,
    `<p>events ${from} to ${to - 1} of ${track.timeline.length}`,
    `<input id="slider" type="range" min="${from}" max="${to - 1}" value="${from}">`,
    '<output id="at"></output></p></header>',
    `<main><div id="diagram">${drawing(stretch)}</div><aside id="states"></aside></main>`,
    `<script>const facts = ${facts};\n${script}</script></body></html>`,
    '',
  ].join('\n');
}

/** By event of the stretch, the node where it happened and its state right after it. */
function statesOf({ track, from, to }: Stretch) {
  const states: (readonly [event: number, node: string, state: string])[] = [];
  const known = new Map<string, string>();
  const note = (event: number, node: string, world: World): void => {
    const party = world.partyOf.get(node) ?? -1;
    const status = world.parties[party]?.node?.status;
    if (status === undefined) return;
    const held = world.roster.states[party];
    const state = held === undefined ? status : `${status}\n${show(held, stateMax)}`;
    if (known.get(node) === state) return;
    known.set(node, state);
    states.push([event, node, state]);
  };
  const start = (world: World): void => {
    for (const { name, node } of world.parties) if (node !== undefined) note(from, name, world);
  };
  const next = ({ index, happening }: Step, world: World): void => {
    if ('node' in happening) note(index, happening.node, world);
    else for (const { name } of track.rows.lanes.all) note(index, name, world);
  };
  track.timeline.visit(from, to, next, start);
  return states;
}

const style = [
  'body{margin:0;font:13px system-ui,sans-serif;display:flex;flex-direction:column;height:100vh}',
  'header{padding:6px 12px;border-bottom:1px solid #ccc}h1{font-size:16px}h1,p{margin:4px 0}',
  'main{flex:1;display:flex;min-height:0}#diagram{flex:1;overflow:auto}',
  '#states{width:340px;overflow:auto;border-left:1px solid #ccc;padding:8px}',
  '#slider{width:50%;margin:0 12px;vertical-align:middle}',
  'pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0 0 10px;background:#f4f4f4;padding:4px}',
  'pre.new{background:#fff3cd}',
  'g.at text{fill:#fff;paint-order:stroke;stroke:#0072b2;stroke-width:4px}',
].join('\n');

const script = `
const slider = document.getElementById('slider');
const panes = document.getElementById('states');
let marked;
function show() {
  const at = Number(slider.value);
  document.getElementById('at').textContent = '#' + at;
  const latest = new Map();
  for (const [event, node, state] of facts.states) {
    if (event > at) break;
    latest.set(node, { event, state });
  }
  panes.replaceChildren(...[...latest].flatMap(([node, { event, state }]) => {
    const head = document.createElement('b');
    head.textContent = node + (event === at ? ' (changed)' : '');
    const body = document.createElement('pre');
    body.textContent = state;
    if (event === at) body.className = 'new';
    return [head, body];
  }));
  marked?.classList.remove('at');
  marked = document.getElementById('e' + at);
  marked?.classList.add('at');
  marked?.scrollIntoView({ block: 'nearest' });
}
slider.addEventListener('input', show);
document.addEventListener('keydown', (key) => {
  const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[key.key];
  if (by === undefined) return;
  key.preventDefault();
  slider.value = String(Number(slider.value) + by);
  show();
});
document.getElementById('diagram').addEventListener('click', (click) => {
  const id = click.target.closest('g')?.id;
  if (id?.startsWith('e')) { slider.value = id.slice(1); show(); }
});
show();
`;
