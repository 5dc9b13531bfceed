// What `stormglass check` found: for people, in the manner of `run`, or as one JSON document.
import type { Judgement } from '../checkers/checker.js';
import type { Op, OpType } from '../history/op.js';
import type { Colors } from './colors.js';
import { judgementLines, section } from './human.js';
import { counted, grouped } from './layout.js';

/** A history and what became of it. */
interface Told {
  readonly file: string;
  readonly format: string;
  readonly counts: Counts;
  readonly checker: string;
  readonly model: unknown;
  readonly judgement: Judgement;
  /** The picture that was written. */
  readonly html: string | undefined;
  readonly repro: string;
}

/** Lines of clients by type, and those of the nemesis. */
export type Counts = Readonly<Record<OpType | 'nemesis', number>>;

/** The report, with a line feed at its end. */
export function checkReport(
  told: Told,
  flags: { readonly json: boolean; readonly html?: string | undefined },
  colors: Colors,
  columns: number,
): string {
  if (flags.json) return `${JSON.stringify(documentOf(told), undefined, 2)}\n`;
  return humanText(told, flags.html, colors, columns);
}

function documentOf(told: Told) {
  const { file, format, counts, checker, model, judgement, html, repro } = told;
  const { invoke, ok, fail, info } = counts;
  return {
    ...{ file, format, checker },
    ...(model !== undefined && { model }),
    operations: { invoked: invoke, ok, fail, info, open: openIn(counts) },
    ...judgement,
    ...(html !== undefined && { html }),
    repro,
  };
}

function humanText(
  told: Told,
  wanted: string | undefined,
  colors: Colors,
  columns: number,
): string {
  const { file, format, counts, checker, model, judgement, html, repro } = told;
  const named = model === undefined ? checker : `${checker} as ${String(model)}`;
  const width = Math.max(60, Math.min(columns, 110)) - 10;
  const pad = `${named}  `;
  const [first = '', ...others] = judgementLines(judgement, colors, width - pad.length);
  const undrawn = wanted === undefined ? [] : [colors.faint('none: there is nothing to show')];
  const lines = [
    ...section('history', [`${file}, ${format}`, countsText(counts)], colors),
    ...section(
      'checks',
      [`${pad}${first}`, ...others.map((line) => `${' '.repeat(pad.length)}${line}`)],
      colors,
    ),
    ...section('picture', html === undefined ? undrawn : [html], colors),
    ...section('verdict', [verdictText(judgement, colors)], colors),
    '',
    repro,
  ];
  return `${lines.join('\n')}\n`;
}

function verdictText({ valid }: Judgement, colors: Colors): string {
  if (valid === true) return colors.good('valid');
  return valid === false ? colors.bad('invalid') : colors.doubtful('unknown');
}

function countsText(counts: Counts): string {
  const { invoke, ok, fail, info, nemesis } = counts;
  const open = openIn(counts);
  const parts = [
    `${counted(invoke, 'operation')}: ${grouped(ok)} ok`,
    ...(fail > 0 ? [`${grouped(fail)} failed`] : []),
    ...(info + open > 0 ? [`${grouped(info + open)} unknown`] : []),
  ];
  const also = nemesis > 0 ? `; ${counted(nemesis, 'line')} of the nemesis` : '';
  return `${parts.join(', ')}${also}`;
}

export function countsOf(ops: readonly Op[]): Counts {
  const counts = { invoke: 0, ok: 0, fail: 0, info: 0, nemesis: 0 };
  for (const { process, type } of ops) counts[process === 'nemesis' ? 'nemesis' : type]++;
  return counts;
}

/** Operations that have not ended. */
function openIn({ invoke, ok, fail, info }: Counts): number {
  return invoke - ok - fail - info;
}
