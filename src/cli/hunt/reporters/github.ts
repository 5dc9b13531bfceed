// Annotations of GitHub Actions, and a summary of the step. GitHub shows ten errors and warnings of
// a step, so there is one for each kind of finding, not for each run.
import { appendFileSync } from 'node:fs';
import type { Finding } from '../../../scenario/hunt/tally.js';
import { counted } from '../../layout.js';
import { type HuntReport, inertFaults, type Prey, unreached } from '../report.js';
import type { Page, Reporter } from '../reporter.js';
import { reproOf } from '../specimens.js';

const annotationsMax = 10;
const summaryMax = 1_000_000;

export const github: Reporter = {
  name: 'github',
  about: 'Annotations of GitHub Actions, and a summary of the step.',
  ended: (report, page) => {
    const errors = report.scenarios.flatMap((prey) => errorsOf(prey, page));
    const warnings = report.scenarios.flatMap(warningsOf);
    const lines = [...errors.slice(0, annotationsMax), ...warnings.slice(0, annotationsMax)];
    page.write(lines.map((line) => `${line}\n`).join(''));
    const summary = page.env.GITHUB_STEP_SUMMARY;
    if (summary !== undefined && summary !== '') {
      appendFileSync(summary, summaryOf(report, page).slice(0, summaryMax));
    }
  },
};

function errorsOf(prey: Prey, page: Page): string[] {
  const found = prey.tally.findings.filter(({ kind }) => kind !== 'empty' && kind !== 'unknown');
  return found.map((finding) => {
    const { name, count, first } = finding;
    const title = `${name} in ${counted(count, 'run')}, first seed ${first.seed}`;
    const repro = reproOf(prey, finding, page.repeating);
    return command('error', prey.scenario, title, `${first.about}\n${repro}`);
  });
}

function warningsOf(prey: Prey): string[] {
  const { scenario, tally } = prey;
  const unknown = tally.findings.filter(({ kind }) => kind === 'unknown');
  return [
    ...unknown.map(({ name, count, first }) =>
      command('warning', scenario, `${name} in ${counted(count, 'run')}`, first.about),
    ),
    ...unreached(prey).map((name) =>
      command('warning', scenario, `never reached: ${name}`, 'No run has reached it.'),
    ),
    ...inertFaults(prey).map((id) =>
      command('warning', scenario, `inert: ${id}`, 'This fault changed nothing in any run.'),
    ),
  ];
}

function command(level: string, file: string, title: string, text: string): string {
  const properties = `file=${property(file)},line=1,title=${property(title)}`;
  return `::${level} ${properties}::${escaped(text)}`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function summaryOf(report: HuntReport, page: Page): string {
  const rows = report.scenarios.map(({ scenario, strategy, tally }) => {
    const found = tally.findings.filter(({ kind }) => kind !== 'empty').length;
    return `| ${cell(scenario)} | ${strategy} | ${tally.runs} | ${tally.failed} | ${found} |`;
  });
  const details = report.scenarios.flatMap((prey) =>
    prey.tally.findings.flatMap((finding) => detailOf(prey, finding, page)),
  );
  return [
    '### stormglass hunt',
    '',
    '| scenario | strategy | runs | failed | kinds of findings |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    ...details,
    '',
  ].join('\n');
}

function detailOf(prey: Prey, finding: Finding, page: Page): string[] {
  const { kind, name, count, first } = finding;
  if (kind === 'empty') return [];
  return [
    `<details><summary><code>${cell(name)}</code> in ${counted(count, 'run')}</summary>`,
    '',
    cell(first.about),
    '',
    '```',
    reproOf(prey, finding, page.repeating),
    '```',
    '</details>',
    '',
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}
