// How a divergence is told: the event, the handler, what differs and both values.
import { formatInstant } from '../kernel/time.js';
import { strictDivergence } from '../scenario/determinism.js';
import type { Divergence } from '../scenario/divergence.js';
import { type Origin, reproOf } from '../scenario/report.js';
import type { Scenario } from '../scenario/scenario.js';
import { jsonOf } from '../scenario/trace-row.js';
import type { Edit } from '../sim/edit.js';
import type { DeterminismError } from '../sim/strict.js';
import { type Colors, colorsOf } from './colors.js';
import type { Io } from './io.js';
import { grouped, table } from './layout.js';

/** The exit code of a run that is not deterministic. */
export const divergedCode = 3;

/** Names of the two runs that are compared. */
export type SideNames = readonly [left: string, right: string];

const sideNames: Readonly<Record<Divergence['found'], SideNames>> = {
  'side by side': ['in one world', 'in the other'],
  'run twice': ['the first time', 'the second time'],
  'in a fresh process': ['in a fresh process', 'in this one'],
  'in a trace': ['recorded', 'replayed'],
};

/** Lines about a divergence; `more` are further pairs of a label and a text. */
export function divergenceLines(
  divergence: Divergence,
  colors: Colors,
  more: readonly (readonly [label: string, text: string])[] = [],
): string[] {
  const { found, index, atUs, node, handler, label, left, right } = divergence;
  const [leftName, rightName] = sideNames[found];
  const at = `event ${grouped(index)} at ${formatInstant(atUs)} s`;
  const rows: (readonly [string, string])[] = [
    ['first', node === undefined ? at : `${at} on ${node}`],
    ['handler', handler],
    ['differs', label],
    ...(left === undefined && right === undefined
      ? []
      : ([
          [leftName, valueText(left)],
          [rightName, valueText(right)],
        ] as const)),
    ...more,
  ];
  return table(rows.map(([name, text]) => [{ text: `  ${name}`, color: colors.faint }, { text }]));
}

/** A value on one line. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(jsonOf(value)) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}

/** Says what strict mode has found in a run; the answer is the exit code. */
export async function showStrict(
  error: DeterminismError,
  run: {
    readonly scenario: Scenario;
    readonly seed: string;
    readonly edits: readonly Edit[];
    readonly origin: Origin;
    readonly json: boolean;
  },
  io: Io,
): Promise<number> {
  const divergence = strictDivergence(error);
  const repro = reproOf(run, run.origin);
  if (run.json) {
    const { seed, origin } = run;
    const report = { scenario: origin.scenario, seed, deterministic: false, divergence, repro };
    io.stdout.write(`${JSON.stringify(jsonOf(report), undefined, 2)}\n`);
    return divergedCode;
  }
  const colors = await colorsOf(io.stdout, io.env);
  const { name } = run.scenario.protocol;
  const head = `${colors.bad('not deterministic')}  ${name}, seed ${run.seed}`;
  const lines = [head, '', ...divergenceLines(divergence, colors), '', repro];
  io.stdout.write(`${lines.join('\n')}\n`);
  return divergedCode;
}
