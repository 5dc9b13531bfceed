// What clients have asked for: open operations first, then the latest answers.
import type { Op } from '../../history/op.js';
import { brief, clockText, show, showOp } from '../../scenario/diagram/show.js';
import { type Line, span, type Tone } from '../../scenario/diagram/span.js';
import type { View } from '../view.js';
import type { Pane } from './pane.js';

export const ops: Pane = { title: () => 'operations', lines, rows: 5 };

const listedMax = 40;
const plannedMax = 3;

function lines({ world }: View): readonly Line[] {
  const { history, workers, queue } = world;
  const open = workers.flatMap(({ open: due, process }) => {
    const op = due === undefined ? undefined : history[due.index];
    return op === undefined ? [] : [openLine(op, process, queue.nowUs)];
  });
  const done: Line[] = [];
  for (let at = history.length - 1; at >= 0 && done.length < listedMax; at--) {
    const op = history[at];
    if (op !== undefined && op.type !== 'invoke') done.push(doneLine(op, history));
  }
  const all = [...open, ...plannedLines(world), ...done];
  return all.length === 0 ? [[span('  none yet', 'faint')]] : all;
}

/** What a script has still to be invoked; what chance will make is not known yet. */
function plannedLines({ opNext, phase, queue, spec }: View['world']): readonly Line[] {
  const script = phase === 'main' ? (spec.clients?.script ?? []) : [];
  // The one that is due next is in the queue already.
  const left = script.slice(Math.max(0, opNext - 1)).filter(({ atUs }) => atUs > queue.nowUs);
  const next = left.slice(0, plannedMax).map(({ atUs, op, worker, node }) => {
    const to = node === undefined ? '' : ` →${node}`;
    const text = show(op.value ?? '', 24);
    return [span(`○ c${worker} ${op.f} ${text}${to}  at ${clockText(atUs)}`, 'faint')];
  });
  const more = left.length - next.length;
  return more > 0 ? [...next, [span(`  … and ${more} more in the script`, 'faint')]] : next;
}

function openLine(op: Op, process: number, now: number): Line {
  const since = now === op.timeUs ? 'now' : `for ${brief(now - op.timeUs)}`;
  return [span(`┣━… c${process} ${showOp(op, 30)}`, 'strong'), span(`  open ${since}`, 'faint')];
}

function doneLine(op: Op, history: readonly Op[]): Line {
  const marks: Readonly<Record<string, readonly [string, Tone]>> = {
    ok: ['✓', 'plain'],
    fail: ['✗', 'fault'],
    info: ['?', 'fault'],
  };
  const [mark, tone] = marks[op.type] ?? ['', 'plain'];
  const invoked = invocationOf(op, history);
  const took = invoked === undefined ? '' : ` ${brief(op.timeUs - invoked.timeUs)}`;
  const asked = invoked === undefined ? op.f : showOp(invoked, 24);
  const answer = op.error ?? (asked.includes(' ') ? '' : show(op.value, 40));
  return [
    span(`${mark} c${op.process} ${asked} ${answer}`, tone),
    span(`  ${clockText(op.timeUs)}${took}`, 'faint'),
  ];
}

/** A process does one thing at a time: the last invocation of the same one. */
function invocationOf(op: Op, history: readonly Op[]): Op | undefined {
  for (let at = op.index - 1; at >= 0; at--) {
    const other = history[at];
    if (other?.process === op.process) return other.type === 'invoke' ? other : undefined;
  }
  return undefined;
}
