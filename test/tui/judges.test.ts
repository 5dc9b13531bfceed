// Checkers that take long are asked in a thread: keys are heard meanwhile, and the answer is that
// of whoever is asked at once.
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeWith } from '../../src/scenario/check.js';
import type { Ask, Asked } from '../../src/scenario/walk.js';
import { builtCli } from '../support/built-cli.js';
import { brokenBroadcast } from '../support/tracks.js';
import { open } from './terminal.js';

describe('a checker that takes long', () => {
  it('lets keys be heard, says that it is asked, and then what it found', async () => {
    let answer = (): void => {};
    const ask: Ask = (spec, { history, result }) => {
      const asked: Asked = { answer: undefined };
      answer = () => {
        asked.answer = judgeWith(spec, history, result);
      };
      return asked;
    };
    const opened = await open(brokenBroadcast, { ask });
    const [first = ''] = opened.screen();
    expect(first).toMatch(/asking set-full …$/);
    await opened.type('jjj', '?');
    expect(opened.text()).toMatch(/event 3\//);
    expect(opened.screen()[0]).toMatch(/asking set-full …$/);
    await opened.type('?');
    answer();
    await new Promise((resume) => setTimeout(resume, 100));
    await opened.type('v');
    expect(opened.screen()[0]).toMatch(/✗ \d+$/);
    expect(opened.text()).toMatch(/✗ 1 of \d+: w says why/);
  });

  it('is asked for itself alone, where there are several', async () => {
    const ask: Ask = (spec, { history, result }) => ({ answer: judgeWith(spec, history, result) });
    const checkers = ['set-full', 'availability', 'stats'];
    const opened = await open({ ...brokenBroadcast, checkers }, { ask, columns: 140, rows: 40 });
    await opened.type('v');
    for (const name of checkers) expect(opened.text()).toMatch(new RegExp(`[✓✗] ${name}`));
  });
});

/** What `askElsewhere` makes of the end of a run, in a process of its own, where threads are. */
function told(script: string): unknown {
  const cwd = resolve(builtCli(), '../../..');
  const prelude = `
    import { askElsewhere } from './dist/tui/judges.js';
    import { judgeWith } from './dist/scenario/check.js';
    import { scenarioOf } from './dist/scenario/from-code.js';
    import { advance, begin, end } from './dist/scenario/run.js';
    const endOf = (more) => {
      const scenario = scenarioOf({
        protocol: 'broadcast/flood', nodes: 3, duration: '40s', network: { loss: '5%' },
        workload: { name: 'broadcast', rate: 100 }, ...more,
      });
      const running = begin(scenario);
      while (advance(running, 8192));
      return [scenario.checkers[0], end(running)];
    };
    const answerOf = async (asked) => {
      while (asked.answer === undefined) await new Promise((resume) => setTimeout(resume, 5));
      return asked.answer;
    };
    const tell = (value) => process.stdout.write(JSON.stringify(value));
  `;
  const args = ['--input-type=module', '-e', prelude + script];
  return JSON.parse(execFileSync(process.execPath, args, { cwd, encoding: 'utf8' }));
}

describe('the thread', () => {
  it('says of a long history what is said of it at once', () => {
    const script = `
      const [spec, ended] = endOf({});
      const answer = await answerOf(askElsewhere(spec, ended));
      const here = judgeWith(spec, ended.history, ended.result);
      tell([ended.history.ops.length > 2000, here.valid, answer.anomalies.length]);
      const { deepStrictEqual } = await import('node:assert');
      deepStrictEqual(answer, here);`;
    expect(told(script)).toEqual([true, false, expect.any(Number)]);
  });

  it("leaves short histories alone, and asks a user's checker here", () => {
    const script = `
      const [, short] = endOf({ duration: '1s' });
      const [spec, ended] = endOf({});
      let asked = 0;
      const check = () => ({ valid: true, stats: { asked: ++asked } });
      const own = { ...spec, checker: { ...spec.checker, check } };
      const answer = await answerOf(askElsewhere(own, ended));
      tell([askElsewhere(spec, short) === undefined, answer.stats.asked, asked]);`;
    expect(told(script)).toEqual([true, 1, 1]);
  });
});
