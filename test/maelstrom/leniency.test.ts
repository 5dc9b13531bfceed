// What Maelstrom would say: of anomalies that it does not look for, and of reads that find nothing.
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/checkers/checker.js';
import { checkers } from '../../src/checkers/index.js';
import { history } from '../../src/history/text.js';
import { maelstromVerdicts } from '../../src/maelstrom/leniency.js';
import { cli } from '../cli/harness.js';

/** What ours says of a history, and what Maelstrom would. */
function both(name: string, text: string, options: Readonly<Record<string, unknown>> = {}) {
  const checker = checkers.get(name);
  if (checker === undefined) throw new Error(`there is a checker ${name}`);
  const told = history(text);
  const all = { ...checker.options, ...options };
  const judgement = { name, builtIn: false, ...judge(checker, told, { options: all }) };
  const lenient = maelstromVerdicts([judgement], told, [{ checker, options: all }]);
  return [judgement.valid, lenient.get(name)];
}

describe('Maelstrom passes over', () => {
  it('reads of null, which may be anything to it', () => {
    const text = '0:write[1,5] 0:ok 1:read[1,null] 1:ok[1,null]';
    expect(both('linearizable', text, { model: 'kv' })).toEqual([false, true]);
  });

  it('reads of a counter on the way', () => {
    const text = '0:add5 0:ok 1:read 1:ok9 | 1:read 1:ok5';
    expect(both('counter', text)).toEqual([false, true]);
  });

  it('values that nobody added', () => {
    expect(both('set-full', '0:b1 0:ok | 0:r 0:ok[1,7]')).toEqual([false, true]);
  });

  it('answers to other questions', () => {
    const text = '0:txn[["w",1,1]] 0:ok[["w",1,1]] 1:txn[["r",1,null]] 1:ok[["w",1,1]]';
    const [ours, theirs] = both('rw-register', text);
    expect(ours).toBe(false);
    expect(theirs).toBe(true);
  });
});

describe('Maelstrom refuses, too', () => {
  it('reads of what was never there', () => {
    const text = '0:write[1,5] 0:ok 1:read[1,null] 1:ok[1,4]';
    expect(both('linearizable', text, { model: 'kv' })).toEqual([false, false]);
  });

  it('a wrong sum in the end, beside whatever else', () => {
    const text = '0:add5 0:ok 1:read 1:ok9 | 1:read 1:ok4';
    expect(both('counter', text)).toEqual([false, false]);
  });

  it('values that are lost', () => {
    expect(both('set-full', '0:b1 0:ok 0:r 0:ok[1] | 0:r 0:ok[]')).toEqual([false, false]);
  });
});

it('is asked by --strictness maelstrom, and told of when it differs', async () => {
  const stale = [
    ...['test', '-w', 'lin-kv', '--protocol', 'lin-kv/single', '--node-count', '2'],
    ...['--time-limit', '2', '--rate', '2', '--no-store'],
  ];
  const seeds = Array.from({ length: 40 }, (_, at) => String(at + 1));
  for (const seed of seeds) {
    const { stdout, code } = await cli([...stale, '--seed', seed]);
    if (!stdout.includes('Maelstrom would say valid')) continue;
    expect(code).toBe(1);
    const lenient = await cli([...stale, '--seed', seed, '--strictness', 'maelstrom']);
    expect(lenient.code).toBe(0);
    expect(lenient.stdout).toContain('Stormglass would say invalid');
    return;
  }
  throw new Error('a store that forgets passes Maelstrom with some seed');
});
