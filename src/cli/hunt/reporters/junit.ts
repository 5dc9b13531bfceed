// JUnit's XML, as CI servers read it: a suite for each scenario, a case for each kind of finding,
// and one for the runs that were as expected.
import type { Finding } from '../../../scenario/hunt/tally.js';
import { counted } from '../../layout.js';
import { inertFaults, type Prey, unreached } from '../report.js';
import type { Reporter } from '../reporter.js';
import { type Repeating, reproOf } from '../specimens.js';

export const junit: Reporter = {
  name: 'junit',
  about: "JUnit's XML, for CI servers.",
  ended: ({ scenarios, elapsedMs, failOnInert }, page) => {
    const suites = scenarios.map((prey) => suiteOf(prey, page.repeating, failOnInert));
    const seconds = (elapsedMs / 1_000).toFixed(3);
    const head = '<?xml version="1.0" encoding="UTF-8" ?>';
    const body = [
      `<testsuites name="stormglass hunt" time="${seconds}">`,
      ...suites,
      '</testsuites>',
    ];
    page.write(`${[head, ...body].join('\n')}\n`);
  },
};

interface Case {
  readonly name: string;
  /** What it failed by; `undefined`: it passed. */
  readonly message: string | undefined;
  readonly text: string;
}

function suiteOf(prey: Prey, repeating: Repeating, failOnInert: boolean): string {
  const { scenario, strategy, tally } = prey;
  const runs: Case = {
    name: `${strategy}: ${counted(tally.fine, 'run')} as expected`,
    ...{ message: undefined, text: '' },
  };
  const found = tally.findings
    .filter(({ kind }) => kind !== 'empty')
    .map((finding) => caseOf(prey, finding, repeating));
  const never = unreached(prey).map((name): Case => {
    return { name: `sometimes ${name}`, message: 'no run has reached it', text: '' };
  });
  const inert = (failOnInert ? inertFaults(prey) : []).map((id): Case => {
    return { name: `fault ${id}`, message: 'it changed nothing in any run', text: '' };
  });
  const cases = [runs, ...found, ...never, ...inert];
  const failures = cases.filter(({ message }) => message !== undefined).length;
  const attributes = `name=${quoted(scenario)} tests="${cases.length}" failures="${failures}"`;
  const lines = cases.map((each) => caseText(each, scenario));
  return [`  <testsuite ${attributes} errors="0">`, ...lines, '  </testsuite>'].join('\n');
}

function caseOf(prey: Prey, finding: Finding, repeating: Repeating): Case {
  const { name, count, first } = finding;
  const text = `${first.about}\n\n${reproOf(prey, finding, repeating)}`;
  return {
    name: `${name} (${counted(count, 'run')}, first seed ${first.seed})`,
    message: name,
    text,
  };
}

function caseText({ name, message, text }: Case, scenario: string): string {
  const head = `    <testcase classname=${quoted(scenario)} name=${quoted(name)}`;
  if (message === undefined) return `${head}/>`;
  const failure = `<failure message=${quoted(message)}>${escaped(text)}</failure>`;
  return `${head}>\n      ${failure}\n    </testcase>`;
}

function quoted(text: string): string {
  return `"${escaped(text).replaceAll('\n', '&#10;')}"`;
}

/** XML 1.0 has no place for most control characters. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
