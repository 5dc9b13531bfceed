// What people are told of a test: how it was hosted, its figures, its faults, what the checkers
// say, the verdict, where the results are, and as the last line the command that repeats it.
import { formatDuration } from '../kernel/time.js';
import type { Report } from '../scenario/report.js';
import type { Colors } from './colors.js';
import { checkLines, faultLines, section } from './human.js';
import { grouped, table, wrapped } from './layout.js';

const labelWidth = 10;

interface Figure {
  readonly dimension: 'number' | 'time';
  readonly value: number | undefined;
}

type Valid = boolean | 'unknown';

interface Told {
  /** `broadcast by broadcast/flood on 25 nodes, seed 1`. */
  readonly about: string;
  readonly host: { readonly kind: string; readonly promise: string };
  /** What programs asked for and could not have, and what to do about it. */
  readonly refused: readonly string[];
  readonly figures: ReadonlyMap<string, Figure>;
  /** Whether the workload measures how long values take to be everywhere. */
  readonly isStable: boolean;
  readonly verdict: {
    readonly valid: Valid;
    readonly strictness: string;
    readonly stormglass: Valid;
    readonly maelstrom: Valid;
    readonly asserted: readonly {
      readonly text: string;
      readonly holds: boolean;
      readonly found: string;
    }[];
  };
  readonly report: Report;
  /** Where the results are; `undefined`: none were kept. */
  readonly path: string | undefined;
  /** The file in it that `stormglass replay` takes, where the run cannot just be repeated. */
  readonly recording: string | undefined;
  readonly repeat: string;
}

/** The whole report, with a line feed at its end. */
export function testReport(told: Told, colors: Colors, columns: number): string {
  const { report, host, path } = told;
  const width = Math.max(60, Math.min(columns, 110)) - labelWidth;
  const lines = [
    ...wrapped(told.about, width + labelWidth).map(colors.strong),
    '',
    ...section('hosted', wrapped(hostText(host), width), colors),
    ...section(
      'refused',
      told.refused.flatMap((text) => wrapped(text, width)),
      colors,
    ),
    ...section('figures', figureLines(told), colors),
    ...section('faults', faultLines(report, colors), colors),
    ...section(
      report.end === 'done' ? 'checks' : 'so far',
      checkLines(report, colors, width),
      colors,
    ),
    ...section('asserted', assertedLines(told, colors), colors),
    ...section('verdict', verdictLines(told, colors, width), colors),
    ...section('results', [path ?? 'not kept'], colors),
    ...section('logs', logLines(told), colors),
    ...section('replay', replayLines(told), colors),
    '',
    told.repeat,
  ];
  return `${lines.join('\n')}\n`;
}

/** What programs wrote to stderr mostly says why. */
function logLines({ host, path, verdict }: Told): string[] {
  if (path === undefined || host.kind === 'protocol' || verdict.valid === true) return [];
  return [`${path}/node-logs`];
}

function replayLines({ path, recording, repeat }: Told): string[] {
  if (path === undefined || recording === undefined) return [];
  const command = repeat.slice(0, repeat.indexOf(' test '));
  return [`${command} replay ${path}/${recording}`];
}

/** The promise of programs behind pipes says itself what it is about. */
function hostText({ kind, promise }: Told['host']): string {
  if (kind === 'pipe') return promise;
  const what = kind === 'protocol' ? 'a protocol of ours' : 'JavaScript';
  return `${what}, in-process: ${promise}`;
}

function figureLines({ figures, isStable, report }: Told): string[] {
  const value = (name: string): number | undefined => figures.get(name)?.value;
  const count = (name: string): string => grouped(value(name) ?? 0);
  const operations =
    `${count('invoked')}: ${count('ok')} ok, ${count('fail')} failed, ` +
    `${count('info')} unknown`;
  // What ^C broke off may have been half an event, and its digest is nobody's.
  const mark = report.end === 'interrupted' ? '' : `, digest ${report.digest}`;
  const rows: (readonly [string, string])[] = [
    ['operations', operations],
    ['availability', shareText(value('ok-fraction') ?? 1)],
    ['messages', messagesText(figures)],
    ['answered', spreadText('request-latency', figures)],
    ...(isStable ? [['everywhere', spreadText('stable-latency', figures)] as const] : []),
    ['events', `${grouped(report.events)}${mark}`],
  ];
  return table(rows.map((row) => row.map((text) => ({ text }))));
}

function messagesText(figures: Told['figures']): string {
  const number = (name: string): number => figures.get(name)?.value ?? 0;
  const lost = number('dropped-messages');
  const parts = [
    `${number('msgs-per-op').toFixed(2)} an operation between servers`,
    `${grouped(number('server-messages'))} in all`,
    ...(lost > 0 ? [`${grouped(lost)} lost`] : []),
  ];
  return parts.join(', ');
}

/** `median 450ms, 95 % 650ms, 99 % 740ms, at most 790ms`. */
function spreadText(name: string, figures: Told['figures']): string {
  const time = (point: string): string | undefined => {
    const us = figures.get(`${name}.${point}`)?.value;
    return us === undefined ? undefined : formatDuration(short(us));
  };
  const [p50, p95, p99, max] = ['p50', 'p95', 'p99', 'max'].map(time);
  if (p50 === undefined) return 'never';
  if (max === '0s') return 'at once';
  return `median ${p50}, 95 % ${p95}, 99 % ${p99}, at most ${max}`;
}

/** Three digits are enough for a quantile. */
function short(us: number): number {
  const unit = us < 1_000 ? 1 : us < 100_000 ? 100 : us < 10_000_000 ? 1_000 : 100_000;
  return Math.round(us / unit) * unit;
}

/** A share is rounded down: 100 % means all. */
function shareText(share: number): string {
  return `${Math.floor(share * 10_000) / 100} %`;
}

function assertedLines({ verdict: { asserted } }: Told, colors: Colors): string[] {
  return asserted.map(({ text, holds, found }) => {
    const mark = holds ? colors.good('✓') : colors.bad('✗');
    return `${mark} ${text}: ${found}`;
  });
}

function verdictLines({ verdict }: Told, colors: Colors, width: number): string[] {
  const { valid, strictness, stormglass, maelstrom, asserted } = verdict;
  const failed = asserted.filter(({ holds }) => !holds).length;
  const why =
    failed === 0
      ? ''
      : `: ${failed === 1 ? 'an assertion does' : `${failed} assertions do`} not hold`;
  const lines = [`${wordOf(valid, colors)}${why}`];
  if (stormglass !== maelstrom) {
    const by = strictness === 'maelstrom' ? 'Stormglass' : 'Maelstrom';
    const other = strictness === 'maelstrom' ? stormglass : maelstrom;
    const why = 'docs/from-maelstrom.md says where the two differ';
    lines.push(...wrapped(`${by} would say ${nameOf(other)}: ${why}.`, width));
  }
  return lines;
}

function nameOf(valid: Valid): string {
  return valid === true ? 'valid' : valid === false ? 'invalid' : 'unknown';
}

function wordOf(valid: Valid, colors: Colors): string {
  const color = valid === true ? colors.good : valid === false ? colors.bad : colors.doubtful;
  return color(nameOf(valid));
}
