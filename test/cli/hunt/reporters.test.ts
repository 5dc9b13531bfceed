// What reporters make of a hunt, and how shards are named and merged.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, type HuntReport, merged } from '../../../src/cli/hunt/report.js';
import type { Page } from '../../../src/cli/hunt/reporter.js';
import { reporters } from '../../../src/cli/hunt/reporters/index.js';
import { readShard } from '../../../src/cli/hunt/shard.js';
import { emptyTally, type Finding, type Tally } from '../../../src/scenario/hunt/tally.js';
import { engineVersion } from '../../../src/scenario/version.js';

const plain = (text: string): string => text;
const colors = { good: plain, bad: plain, doubtful: plain, strong: plain, faint: plain };

const failure: Finding = {
  ...{ kind: 'failure', name: 'set-full/lost', count: 3 },
  first: {
    index: 4,
    seed: '5',
    edits: [],
    file: undefined,
    about: 'the value <5> is\u0007 gone, 50%',
  },
};

function reportOf(tally: Partial<Tally> = {}, more: Partial<HuntReport> = {}): HuntReport {
  const sum = { ...emptyTally(['calm'], ['elected']), runs: 10, fine: 7, ...tally };
  const scenario = 'a/b.yaml';
  return {
    ...{
      type: 'hunt',
      version: 1,
      engine: engineVersion,
      shard: undefined,
      workers: 2,
      elapsedMs: 1_000,
    },
    ...{ signal: undefined, failOnInert: false },
    scenarios: [
      {
        ...{ scenario, about: 'About.', protocol: 'p', expect: 'valid', strategy: 'uniform' },
        ...{ seed: '1', plan: undefined, trials: 10, complete: true, tally: sum },
      },
    ],
    ...more,
  };
}

function said(name: string, report: HuntReport, env: Page['env'] = {}): string {
  let text = '';
  const page: Page = {
    write: (more) => {
      text += more;
    },
    ...{ colors, columns: 100, env },
    repeating: { command: 'stormglass', directory: 'saved' },
  };
  for (const { tally } of report.scenarios) {
    for (const finding of tally.findings) {
      const prey = { scenario: 'a/b.yaml', strategy: 'uniform' };
      reporters.get(name)?.found?.(finding, prey, page);
    }
  }
  reporters.get(name)?.ended(report, page);
  return text;
}

const reached = { sometimes: [{ name: 'elected', count: 1, first: 0 }] };
const repro = 'stormglass run a/b.yaml --seed 5';

describe('a reporter', () => {
  it('by default says what was found and how to have it again', () => {
    const text = said('default', reportOf({ findings: [failure] }));
    expect(text).toContain('✗ set-full/lost: in 3 runs of 10, first seed 5');
    expect(text).toContain('never: elected');
    expect(text.trimEnd().endsWith(repro)).toBe(true);
  });

  it('json is one document with all that follows', () => {
    const document = JSON.parse(said('json', reportOf({ findings: [failure] })));
    expect(document).toMatchObject({ type: 'hunt', exitCode: 1 });
    expect(document.scenarios[0].tally.findings[0]).toMatchObject({ name: 'set-full/lost', repro });
    expect(document.scenarios[0].unreached).toEqual(['elected']);
  });

  it('ndjson says findings when they come up', () => {
    const lines = said('ndjson', reportOf({ findings: [failure] }))
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(['finding', 'end']);
  });

  it('junit is well-formed XML without control characters', () => {
    const text = said('junit', reportOf({ findings: [failure] }));
    expect(text).toContain('tests="3" failures="2"');
    expect(text).toContain('the value &lt;5&gt; is? gone');
    expect(text).toContain(repro);
  });

  it('github has an annotation for each kind, and a summary', () => {
    const summary = join(mkdtempSync(join(tmpdir(), 'stormglass-test-')), 'summary.md');
    const text = said('github', reportOf({ findings: [failure] }), {
      GITHUB_STEP_SUMMARY: summary,
    });
    expect(text).toContain(
      '::error file=a/b.yaml,line=1,title=set-full/lost in 3 runs%2C first seed 5',
    );
    expect(text).toContain(`gone, 50%25%0A${repro}`);
    expect(text).toContain('::warning file=a/b.yaml,line=1,title=never reached%3A elected');
    expect(readFileSync(summary, 'utf8')).toContain('| a/b.yaml | uniform | 10 | 0 | 1 |');
  });

  it('blob is the report itself', () => {
    const report = reportOf({ findings: [failure] }, { shard: { index: 1, count: 3 } });
    const parsed = JSON.parse(said('blob', report));
    expect(parsed).toEqual(JSON.parse(JSON.stringify(report)));
    expect(reporters.get('blob')?.file?.(report)).toMatch(/blob-2-3\.json$/);
  });
});

describe('the exit code of a hunt', () => {
  const vague: Finding = { ...failure, kind: 'unknown', name: 'limits/unknown' };
  const empty: Finding = { ...failure, kind: 'empty' };
  const inert = { faults: [{ id: 'calm', runs: 9, struck: 9, effective: 0 }] };
  it.each([
    ['nothing was found', reportOf(reached), 0],
    ['a failure was', reportOf({ ...reached, findings: [failure] }), 1],
    ['a run hung', reportOf({ ...reached, findings: [{ ...failure, kind: 'accident' }] }), 1],
    ['nobody knows', reportOf({ ...reached, findings: [vague] }), 2],
    ['there was nothing to judge in some runs', reportOf({ ...reached, findings: [empty] }), 0],
    ['nothing was run', reportOf({ ...reached, runs: 0 }), 2],
    ['what some run must reach was not', reportOf(), 1],
    ['another shard may reach it', reportOf({}, { shard: { index: 0, count: 2 } }), 0],
    ['a fault is inert', reportOf({ ...reached, ...inert }), 0],
    ['a fault is, and must not be', reportOf({ ...reached, ...inert }, { failOnInert: true }), 1],
  ])('when %s', (_when, report, code) => {
    expect(exitCodeOf(report)).toBe(code);
  });
});

describe('shards', () => {
  it.each([
    ['by flag', '2/4', {}, { index: 1, count: 4 }],
    ['by flag, whatever the environment says', 'none', { JOB_COMPLETION_INDEX: '1' }, undefined],
    ['of nobody', undefined, {}, undefined],
    [
      'of Kubernetes',
      undefined,
      { JOB_COMPLETION_INDEX: '3', JOB_COMPLETIONS: '8' },
      { index: 3, count: 8 },
    ],
    ['of GitLab', undefined, { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '2' }, { index: 0, count: 2 }],
    ['of one', undefined, { CIRCLE_NODE_INDEX: '0', CIRCLE_NODE_TOTAL: '1' }, undefined],
    [
      'of Slurm, which may count from anywhere',
      undefined,
      { SLURM_ARRAY_TASK_ID: '12', SLURM_ARRAY_TASK_COUNT: '4', SLURM_ARRAY_TASK_MIN: '10' },
      { index: 2, count: 4 },
    ],
  ])('%s', (_what, flag, env, shard) => {
    if (shard === undefined) expect(readShard(flag, env)).toBeUndefined();
    else expect(readShard(flag, env)).toMatchObject(shard);
  });

  it.each([
    ['0/4', {}],
    ['5/4', {}],
    ['half', {}],
    [undefined, { JOB_COMPLETION_INDEX: '3' }],
    [undefined, { CI_NODE_INDEX: '3', CI_NODE_TOTAL: '2' }],
  ])('that are none are refused: %s', (flag, env) => {
    expect(() => readShard(flag, env)).toThrow(/is "/);
  });

  it('that are missing, there twice, or of another hunt are not merged', () => {
    const part = (index: number, more: Partial<HuntReport> = {}): [string, HuntReport] => [
      `blob-${index}`,
      reportOf({}, { shard: { index, count: 2 }, ...more }),
    ];
    expect(merged([part(0), part(1)]).scenarios[0]?.tally.runs).toBe(20);
    expect(() => merged([])).toThrow(/no blobs/);
    expect(() => merged([part(0)])).toThrow(/1 of 2 shards are missing/);
    expect(() => merged([part(0), part(0)])).toThrow(/twice/);
    expect(() => merged([part(0), part(1, { engine: '0' })])).toThrow(/another hunt/);
    expect(() => merged([part(0), part(1, { scenarios: [] })])).toThrow(/another hunt/);
  });
});
