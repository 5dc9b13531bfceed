// One event as a row of the diagram: where it happened, from where it came, what to say of it.
// Knows no screen: how a row is drawn is `draw.ts`.

import type { Op } from '../../history/op.js';
import { unreachable } from '../../kernel/assert.js';
import type { Fault } from '../../nemesis/fault.js';
import type { EffectRow, Happening, Step } from '../../sim/step.js';
import { faultText } from '../fault-text.js';
import { writeFault } from '../faults.js';
import type { Lanes } from './lanes.js';
import { brief, show, showBody, showOp } from './show.js';
import type { Tone } from './span.js';

export interface Row {
  readonly step: Step;
  /** Lines that the event added to the history. */
  readonly ops: readonly Op[];
  /** The lane where it happened; −1: nowhere in particular. */
  readonly lane: number;
  /** The lane that the message came from; −1: there is none. */
  readonly source: number;
  /** Lanes that a fault strikes. */
  readonly struck: readonly number[];
  /** Lanes to which it sent what is lost. */
  readonly lostTo: readonly number[];
  /** The letter of each lane after the event; see `statusesOf`. */
  readonly statuses: string;
  readonly glyph: string;
  readonly tone: Tone;
  readonly label: string;
  /** What else there is to say; may be empty. */
  readonly detail: string;
}

/** What a row is made of beside its step. */
interface RowContext {
  readonly lanes: Lanes;
  readonly statuses: string;
  readonly ops: readonly Op[];
  /** When its cause happened; `undefined` for roots. */
  readonly causeUs: number | undefined;
  /** It is a fault that an edit, or the end of the main phase, has kept from striking. */
  readonly idle: boolean;
}

export function rowOf(step: Step, context: RowContext): Row {
  const { lanes, statuses, ops, causeUs, idle } = context;
  const { happening, effects, crash, atUs } = step;
  const lost = effects.filter(isLost);
  const lane = 'node' in happening ? lanes.laneOf(happening.node) : laneOfOps(happening, lanes);
  const said = idle ? sayIdle(step) : sayOf(step, ops);
  const isArrival = ['deliver', 'lost', 'held'].includes(happening.kind);
  const since = isArrival && causeUs !== undefined && causeUs < atUs ? brief(atUs - causeUs) : '';
  const bad = crash !== undefined || lost.length > 0 || happening.kind === 'lost';
  return {
    ...{ step, ops, lane, statuses },
    source: 'message' in happening ? lanes.laneOf(happening.message.src) : -1,
    struck: 'fault' in happening && !idle ? struckBy(happening.fault, lanes) : [],
    lostTo: lost.map(({ dest }) => lanes.laneOf(dest)),
    glyph: crash === undefined ? glyphs[happening.kind] : '↯',
    tone: bad ? 'bad' : said.tone,
    label: said.label,
    detail: [since, said.detail, ...lost.map(lostText), crashText(crash)]
      .filter((text) => text !== '')
      .join('  '),
  };
}

/** What each kind of event looks like on its lane. */
const glyphs: Readonly<Record<Happening['kind'], string>> = {
  start: '▲',
  deliver: '●',
  lost: '✗',
  held: '○',
  timer: '◷',
  synced: '▮',
  disconnected: '×',
  invoke: '◆',
  timeout: '◇',
  fault: '↯',
  'fault-end': '↻',
  phase: '═',
};

interface Said {
  readonly label: string;
  readonly detail: string;
  readonly tone: Tone;
}

const said = (label: string, detail = '', tone: Tone = 'plain'): Said => ({ label, detail, tone });

function sayIdle({ happening }: Step): Said {
  const what = 'fault' in happening ? faultText(writeFault(happening.fault)) : '';
  return said(`does not strike: ${what}`, '', 'faint');
}

function sayOf(step: Step, ops: readonly Op[]): Said {
  const { happening, effects } = step;
  const more = consequences(effects);
  switch (happening.kind) {
    case 'start':
      return said('starts', more);
    case 'deliver':
      return delivered(happening, ops, more);
    case 'lost':
      return said(showBody(happening.message.body), `lost: ${happening.why}`, 'bad');
    case 'held':
      return said(showBody(happening.message.body), 'held by a cut', 'fault');
    case 'timer':
      return said(`timer ${showBody(happening.timer)}`, more);
    case 'synced':
      return happening.error === undefined
        ? said(`synced ${showBody(happening.done)}`, more)
        : said(`sync ${happening.error}: ${showBody(happening.done)}`, more, 'bad');
    case 'disconnected':
      return said(`connection to ${happening.peer} broke`, more, 'fault');
    case 'invoke':
      return invoked(ops);
    case 'timeout':
      return said(opsText(ops) || 'timeout', '', 'fault');
    case 'fault':
      return said(faultText(writeFault(happening.fault)), '', 'fault');
    case 'fault-end':
      return said(`ends: ${faultText(writeFault(happening.fault))}`, '', 'fault');
    case 'phase':
      return said(phaseText(happening.phase), more, 'strong');
    default:
      return unreachable(happening);
  }
}

function delivered(
  { message: { body } }: Extract<Happening, { kind: 'deliver' }>,
  ops: readonly Op[],
  more: string,
): Said {
  if (ops.length === 0) return said(showBody(body), more);
  return said(opsText(ops), '', ops.some(({ type }) => type !== 'ok') ? 'fault' : 'strong');
}

function invoked(ops: readonly Op[]): Said {
  return ops.length === 0
    ? said('an operation is due', 'it waits for its worker', 'faint')
    : said(opsText(ops), ops[0]?.node === undefined ? '' : `→${ops[0].node}`, 'strong');
}

function opsText(ops: readonly Op[]): string {
  return ops.map((op) => `c${op.process} ${showOp(op)}`).join(', ');
}

function phaseText(phase: string): string {
  switch (phase) {
    case 'recovery':
      return 'recovery: all faults end, everybody is up';
    case 'final':
      return 'final reads';
    default:
      return phase;
  }
}

type Send = Extract<EffectRow, { effect: 'send' }>;

function isLost(row: EffectRow): row is Send {
  return row.effect === 'send' && row.fate.fate === 'lost';
}

function lostText({ dest, body, fate }: Send): string {
  return `✗→${dest} ${showBody(body, 30)} lost: ${fate.fate === 'lost' ? fate.why : ''}`;
}

/** What the handler did, in a few words: whom it sent to, what it noted. */
function consequences(effects: readonly EffectRow[]): string {
  const sent = effects.flatMap((row) =>
    row.effect === 'send' && row.fate.fate !== 'lost' ? [row.dest] : [],
  );
  const notes = effects.flatMap((row) => (row.effect === 'note' ? [`“${row.text}”`] : []));
  const writes = effects.filter(({ effect }) => effect === 'write').length;
  const parts = [
    sent.length === 0 ? '' : `→${sent.slice(0, 5).join(' ')}${sent.length > 5 ? ' …' : ''}`,
    writes === 0 ? '' : `writes ${writes}`,
    ...notes,
  ];
  return parts.filter((part) => part !== '').join('  ');
}

function crashText(crash: string | undefined): string {
  return crash === undefined ? '' : `threw ${show(crash.split('\n')[0], 60)}`;
}

function laneOfOps({ kind }: Happening, lanes: Lanes): number {
  return kind === 'invoke' || kind === 'timeout' ? lanes.laneOf('c') : -1;
}

function struckBy(fault: Fault, lanes: Lanes): readonly number[] {
  if ('nodes' in fault) return fault.nodes.map((name) => lanes.laneOf(name));
  if ('components' in fault) return fault.components.flat().map((name) => lanes.laneOf(name));
  const names = 'links' in fault ? fault.links.flat() : [];
  if (names.length === 0 || names.includes('*')) return lanes.all.map((_, lane) => lane);
  return [...new Set(names)].map((name) => lanes.laneOf(name));
}
