// The report for people: what ran, what went wrong, which faults were effective, the verdict with
// its witness, and as the last line the command that repeats it. About ten lines.
import type { Anomaly, Judgement } from '../checkers/checker.js';
import { formatDuration, formatInstant } from '../kernel/time.js';
import { editText } from '../scenario/edits.js';
import { faultText } from '../scenario/fault-text.js';
import type { FaultLine, Report } from '../scenario/report.js';
import type { Colors } from './colors.js';
import { type Cell, counted, grouped, table, wrapped } from './layout.js';

/** Columns of the labels at the left. */
const labelWidth = 10;

/** Faults that get a line of their own; the others are counted. */
const faultsMax = 6;

/** Anomalies of one checker that are told; the others are counted. */
const anomaliesMax = 1;

/** The whole report, with a line feed at its end. */
export function humanReport(report: Report, colors: Colors, columns: number): string {
  const width = Math.max(60, Math.min(columns, 110)) - labelWidth;
  const lines = [
    ...wrapped(`${report.about}`, width + labelWidth).map(colors.strong),
    '',
    ...section('run', ranLines(report), colors),
    ...section('faults', faultLines(report, colors), colors),
    ...section('edits', editLines(report, colors), colors),
    ...section(
      report.end === 'done' ? 'checks' : 'so far',
      checkLines(report, colors, width),
      colors,
    ),
    ...section('path', pathLines(report, colors), colors),
    ...section('verdict', verdictLines(report, colors), colors),
    '',
    ...(report.walk === undefined ? [] : [report.walk]),
    report.repro,
  ];
  return `${lines.join('\n')}\n`;
}

/** Lines with a label before the first of them. */
export function section(label: string, lines: readonly string[], colors: Colors): string[] {
  return lines.map((line, at) => {
    const head = at === 0 ? colors.faint(label.padEnd(labelWidth)) : ' '.repeat(labelWidth);
    return `${head}${line}`;
  });
}

function ranLines(report: Report): string[] {
  const { protocol, nodes, workload, seed, events, virtualUs, digest, unhandled } = report;
  // What ^C broke off may have been half an event, and its digest is nobody's.
  const mark = report.end === 'interrupted' ? '' : `, digest ${digest}`;
  const clients = workload === undefined ? 'no clients' : `workload ${workload}`;
  const lines = [
    `${protocol} on ${counted(nodes, 'node')}, ${clients}, seed ${seed}`,
    `${counted(events, 'event')} in ${seconds(virtualUs)} s of virtual time${mark}`,
  ];
  if (workload !== undefined) lines.push(operationsText(report));
  if (unhandled.length > 0) {
    const types = unhandled.map(({ type, count }) => `${type} (${grouped(count)})`);
    lines.push(`no handler for ${types.slice(0, 5).join(', ')}`);
  }
  return lines;
}

interface Figures {
  readonly invoked?: number;
  readonly ok?: number;
  readonly fail?: number;
  readonly info?: number;
  readonly open?: number;
  readonly latencyUs?: { readonly p50: number; readonly p99: number };
  readonly messagesPerOp?: number;
}

function operationsText({ stats }: Report): string {
  const { invoked = 0, ok = 0, fail = 0, info = 0, open = 0, ...more } = stats as Figures;
  const parts = [
    `${counted(invoked, 'operation')}: ${grouped(ok)} ok`,
    ...(fail > 0 ? [`${grouped(fail)} failed`] : []),
    ...(info + open > 0 ? [`${grouped(info + open)} unknown`] : []),
  ];
  const text = [parts.join(', ')];
  const { latencyUs, messagesPerOp } = more;
  if (latencyUs !== undefined && latencyUs.p99 > 0) {
    const [p50, p99] = [latencyUs.p50, latencyUs.p99].map((us) => formatDuration(short(us)));
    text.push(`median ${p50}, 99 % within ${p99}`);
  }
  if (messagesPerOp !== undefined && messagesPerOp > 0) {
    text.push(`${messagesPerOp.toFixed(1)} messages each between nodes`);
  }
  return text.join('; ');
}

/** Three digits are enough for a quantile. */
function short(us: number): number {
  const unit = us < 1_000 ? 1 : us < 100_000 ? 100 : us < 10_000_000 ? 1_000 : 100_000;
  return Math.round(us / unit) * unit;
}

/** What became of the faults, those that struck first before the others. */
export function faultLines({ faults, milestones }: Report, colors: Colors): string[] {
  const missed = milestones.filter(({ reachedUs }) => reachedUs === undefined);
  const missedLines = missed.map(({ id }) => `${id}: ${colors.doubtful('milestone not reached')}`);
  if (faults.length === 0) return missed.length === 0 ? ['none'] : missedLines;
  const inert = faults.filter(({ effective }) => !effective).length;
  const sorted = faults.toSorted((a, b) => (a.startUs ?? Infinity) - (b.startUs ?? Infinity));
  const shownFaults = faults.length <= faultsMax ? sorted : sorted.slice(0, faultsMax - 1);
  const rows = shownFaults.map((fault) => faultCells(fault, colors));
  const lines = table(rows);
  const rest = faults.length - shownFaults.length;
  if (rest > 0)
    lines.push(`… and ${rest} more; ${inert === 0 ? 'none' : inert} of ${faults.length} inert`);
  return [...lines, ...missedLines];
}

function faultCells(line: FaultLine, colors: Colors): readonly Cell[] {
  const { startUs, endUs, effective, touched, fault } = line;
  if (startUs === undefined) {
    return [
      { text: '' },
      { text: 'never struck', color: colors.doubtful },
      { text: faultText(fault) },
    ];
  }
  const until = endUs === undefined || endUs === startUs ? '' : `–${seconds(endUs)}`;
  const effect = effective ? `effective: ${grouped(touched)} touched` : 'inert';
  return [
    { text: `${seconds(startUs)}${until} s` },
    { text: effect, color: effective ? undefined : colors.doubtful },
    { text: faultText(fault) },
  ];
}

/** `2.5`: as many digits as it takes, down to milliseconds. */
function seconds(us: number): string {
  return formatInstant(Math.round(us / 1_000) * 1_000).replace(/\.?0+$/, '');
}

function editLines({ edits }: Report, colors: Colors): string[] {
  return edits.map(({ edit, applied }) => {
    const text = editText(edit) ?? JSON.stringify(edit);
    const effect = applied ? 'applied' : colors.doubtful('not applied: nothing has that identity');
    return `${text}  ${effect}`;
  });
}

/** What each checker says. */
export function checkLines({ checkers, crashes }: Report, colors: Colors, width: number): string[] {
  const pad = Math.max(0, ...checkers.map(({ name }) => name.length)) + 2;
  const lines = checkers.flatMap((judgement) => {
    const [first = '', ...others] = judgementLines(judgement, colors, width - pad);
    const stack = judgement.name === 'crashes' ? stackLines(crashes, colors) : [];
    return [
      `${judgement.name.padEnd(pad)}${first}`,
      ...[...others, ...stack].map((line) => `${' '.repeat(pad)}${line}`),
    ];
  });
  return lines.length === 0 ? ['none'] : lines;
}

/** Frames of a stack that are shown. */
const framesMax = 3;

/** Where the first crash came from, without Stormglass's own machinery. */
function stackLines([crash]: Report['crashes'], colors: Colors): string[] {
  const lines = crash?.stack.split('\n').filter(isUsers) ?? [];
  return lines.slice(0, framesMax).map((line) => colors.faint(`    ${line.trim()}`));
}

/** A frame of a stack that is not Stormglass's own machinery. */
function isUsers(line: string): boolean {
  const ours = /[\\/](dist|src)[\\/](sim|scenario|cli)[\\/]|\(node:/;
  return /^\s+at /.test(line) && !ours.test(line);
}

/** What one checker says. */
export function judgementLines(judgement: Judgement, colors: Colors, width: number): string[] {
  if (judgement.valid === true) return [colors.good('✓')];
  if (judgement.valid === 'unknown') {
    return hung(`${judgement.reason}`, `? `, width).map((line, at) =>
      at === 0 ? colors.doubtful(line) : line,
    );
  }
  const { anomalies } = judgement;
  const shown = anomalies.slice(0, anomaliesMax);
  const lines = shown.flatMap((anomaly) => anomalyLines(anomaly, colors, width));
  const rest = anomalies.slice(shown.length);
  return rest.length === 0
    ? lines
    : [...lines, `  … and ${counted(rest.length, 'other')}${kindsText(rest)}`];
}

/** `: lost ×3, stale ×1`; nothing if there is only one kind. */
function kindsText(anomalies: readonly Anomaly[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of anomalies) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (counts.size < 2) return '';
  return `: ${[...counts].map(([kind, count]) => `${kind} ×${count}`).join(', ')}`;
}

function anomalyLines({ kind, about }: Anomaly, colors: Colors, width: number): string[] {
  return hung(`${kind}: ${about}`, '✗ ', width).map((line, at) =>
    at === 0 ? `${colors.bad(line.slice(0, kind.length + 2))}${line.slice(kind.length + 2)}` : line,
  );
}

/** Wrapped, with a mark before the first line and the others indented as far. */
function hung(text: string, mark: string, width: number): string[] {
  const lines = wrapped(text, width - mark.length);
  return lines.map((line, at) => `${at === 0 ? mark : ' '.repeat(mark.length)}${line}`);
}

/** Messages of a path that are shown; the others are counted. */
const passagesMax = 6;

/** By which messages the effects of the first input came that went wrong. */
function pathLines({ paths }: Report, colors: Colors): string[] {
  const [path] = paths.filter(({ messages }) => messages.length > 0);
  if (path === undefined) return [];
  const { input, messages } = path;
  const shown = messages.length > passagesMax ? messages.slice(0, passagesMax - 1) : messages;
  const rows = shown.map(({ src, dest, type, event, atUs, lost }): Cell[] => [
    { text: `${seconds(atUs)} s` },
    { text: `${src}→${dest}` },
    { text: lost === undefined ? type : `${type}, lost: ${lost}` },
    { text: `event ${grouped(event)}`, color: colors.faint },
  ]);
  const rest = messages.length - shown.length;
  return [
    `of the input ${input}:`,
    ...table(rows).map((line) => `  ${line}`),
    ...(rest > 0 ? [`  … and ${counted(rest, 'other message')}`] : []),
  ];
}

function verdictLines({ verdict, expected, surprise, expect }: Report, colors: Colors): string[] {
  const word = verdict === true ? 'valid' : verdict === false ? 'invalid' : 'unknown';
  if (expected) {
    if (expect === 'valid') return [colors.good(word)];
    const checker = typeof expect === 'string' ? expect : expect.object;
    return [`${colors.good(word)}, as expected: ${checker} objects`];
  }
  const color = verdict === 'unknown' ? colors.doubtful : colors.bad;
  return [`${color(word)}, but ${surprise ?? ''}`];
}
