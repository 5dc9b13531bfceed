// For people: per scenario what was run, and each kind of finding with a count, what happened first
// and the command that repeats it.
import type { Finding, FindingKind } from '../../../scenario/hunt/tally.js';
import type { Colors } from '../../colors.js';
import { counted, grouped, wrapped } from '../../layout.js';
import { type HuntReport, inertFaults, type Prey, unreached } from '../report.js';
import type { Page, Reporter } from '../reporter.js';
import { reproOf } from '../specimens.js';

export const human: Reporter = {
  name: 'default',
  about: 'For people.',
  ended: (report, page) => {
    const parts = report.scenarios.map((prey) => preyText(prey, report, page));
    page.write(parts.join('\n'));
  },
};

const indent = '          ';

/** The first column: ten characters. */
function row(head: string, text: string, { columns, colors }: Page): string[] {
  const lines = wrapped(text, Math.max(40, columns - indent.length));
  const [first = '', ...rest] = lines;
  return [`${colors.strong(head.padEnd(indent.length))}${first}`, ...rest.map((l) => indent + l)];
}

function preyText(prey: Prey, report: HuntReport, page: Page): string {
  const { scenario, strategy, seed, plan, tally } = prey;
  const of = prey.trials === undefined ? '' : ` of ${grouped(prey.trials)}`;
  const shard = report.shard;
  const part = shard === undefined ? '' : `, shard ${shard.index + 1} of ${shard.count}`;
  const seconds = Math.max(report.elapsedMs, 1) / 1_000;
  const rate = report.scenarios.length === 1 ? `, ${rateText(tally.runs / seconds)}` : '';
  const extent = `${grouped(tally.runs)}${of} runs${rate}, ${counted(tally.events, 'event')}`;
  const lines = [
    ...row('hunt', `${scenario}, strategy ${strategy}, seed ${seed}${part}`, page),
    ...(plan === undefined ? [] : row('', plan, page)),
    ...row('', extent, page),
    ...faultLines(prey, page),
    ...sometimesLines(prey, page),
    ...tally.findings.flatMap((finding) => findingLines(prey, finding, page)),
    ...row('verdict', verdictOf(prey, report, page.colors), page),
    ...(prey.resume === undefined ? [] : [`${'go on'.padEnd(indent.length)}${prey.resume}`]),
  ];
  const shown = tally.findings.filter(({ kind }) => kind !== 'empty');
  const repros = shown.map((finding) => reproOf(prey, finding, page.repeating));
  return `${[...lines, ...(repros.length > 0 ? ['', ...repros] : [])].join('\n')}\n`;
}

function rateText(perSecond: number): string {
  return `${grouped(Math.round(perSecond))} a second`;
}

const marks: Readonly<Record<FindingKind, string>> = {
  failure: '✗',
  accident: '✗',
  unknown: '?',
  empty: '·',
};

function findingLines(
  { tally }: Prey,
  { kind, name, count, first }: Finding,
  page: Page,
): string[] {
  const color = kind === 'unknown' ? page.colors.doubtful : page.colors.bad;
  const share = `${counted(count, 'run')} of ${grouped(tally.runs)}, first seed ${first.seed}`;
  if (kind === 'empty') {
    const about = name === 'regression/stale' ? first.about : 'nothing to judge there';
    return row('', `· ${name}: in ${share}; ${about}`, page);
  }
  const lines = row('', `${marks[kind]} ${name}: in ${share}: ${first.about}`, page);
  return lines.map((line, at) => (at === 0 ? line.replace(name, color(name)) : line));
}

function faultLines(prey: Prey, page: Page): string[] {
  const { faults } = prey.tally;
  if (faults.length === 0) return [];
  const inert = new Set(inertFaults(prey));
  const working = faults.filter(({ id }) => !inert.has(id)).length;
  const text = `${working} of ${faults.length} effective in some run`;
  const names = [...inert].join(', ');
  return row('faults', inert.size === 0 ? text : `${text}; inert in all: ${names}`, page);
}

function sometimesLines(prey: Prey, page: Page): string[] {
  const { sometimes } = prey.tally;
  if (sometimes.length === 0) return [];
  const never = unreached(prey);
  const text = `${sometimes.length - never.length} of ${sometimes.length} reached in some run`;
  return row('sometimes', never.length === 0 ? text : `${text}; never: ${never.join(', ')}`, page);
}

function verdictOf(prey: Prey, { signal, failOnInert, shard }: HuntReport, colors: Colors): string {
  const { tally, complete } = prey;
  const kinds = tally.findings.filter(({ kind }) => kind === 'failure' || kind === 'accident');
  const never = shard === undefined && complete ? unreached(prey).length : 0;
  const inert = failOnInert && shard === undefined ? inertFaults(prey).length : 0;
  const wrong = [
    ...(kinds.length > 0 ? [`${counted(kinds.length, 'kind')} of failure`] : []),
    ...(never > 0 ? [`${never} never reached`] : []),
    ...(inert > 0 ? [counted(inert, 'inert fault')] : []),
  ];
  const cut = signal !== undefined ? ' before it was interrupted' : '';
  if (wrong.length > 0) return `${colors.bad(wrong.join(', '))}${cut}`;
  if (tally.runs === 0) return colors.doubtful(`nothing was run${cut}`);
  if (tally.findings.some(({ kind }) => kind === 'unknown')) return colors.doubtful('unknown');
  return `${colors.good('nothing found')}${cut}`;
}
