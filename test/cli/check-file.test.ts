// A long file on all processors: whoever reads and judges it, what is said of it is the same.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgePictured, linearizable } from '../../src/checkers/linearizable/linearizable.js';
import { models } from '../../src/checkers/linearizable/models/index.js';
import { checkFile, type Helpers } from '../../src/cli/check-file.js';
import { countsOf } from '../../src/cli/check-report.js';
import { reportOf, rowsOf } from '../../src/cli/file-share.js';
import { ndjson } from '../../src/history/formats/ndjson.js';
import type { About } from '../../src/history/formats/recording.js';
import { type Family, historyOf, modelOf } from '../checkers/linearizable/families.js';
import { spawnCli } from '../support/built-cli.js';
import { historyLines } from '../support/history-lines.js';
import { cli, directoryWith } from './harness.js';

const keyed: Omit<Family, 'name' | 'model' | 'domain'> = { clients: 12, operations: 600, keys: 9 };
const some: readonly Family[] = [
  { name: 'cas', model: 'cas-register', domain: 5, crashes: 5, ...keyed },
  { name: 'cas, bad', model: 'cas-register', domain: 0, bad: 'stale', ...keyed },
  { name: 'kv', model: 'kv', domain: 0, crashes: 2, ...keyed },
  { name: 'register, bad', model: 'register', domain: 3, bad: 'end', ...keyed },
];

/** Threads that are none: what they are given and what they say is copied as between threads. */
function helpers(count: number): Helpers {
  const hire: Helpers['hire'] = () => ({
    rows: async (share) => structuredClone(rowsOf(structuredClone(share))),
    report: async (question) => structuredClone(reportOf(structuredClone(question))),
    end: () => {},
  });
  return { count, bytesMin: 0, hire };
}

function textOf(family: Family, seed: number): string {
  const { init } = modelOf(family);
  const lines = historyLines(historyOf(family, seed), { model: family.model, init });
  return lines.map((line) => `${line}\n`).join('');
}

const quiet = { progress: () => {}, roomBytes: Number.POSITIVE_INFINITY };
const path = join(directoryWith(), 'history.ndjson');
const optionsOf = ({ model, options }: About) => ({ model, ...options });
const more = { configurationsMax: 3, bytesMax: 2 ** 20 };

function expected(text: string, also: object) {
  const reader = ndjson.open();
  reader.read(text);
  const { history, options } = reader.end();
  const { judgement, page } = judgePictured(history, {
    ...linearizable.options,
    ...options,
    ...also,
  });
  const { invoke, ok, fail, info } = countsOf(history.ops);
  const types = [invoke, ok, fail, info];
  return { judgement, page: page(), types, lines: history.ops.length };
}

async function found(text: string, also: object, count: number) {
  writeFileSync(path, text);
  const task = { path, optionsOf: (about: About) => ({ ...optionsOf(about), ...also }) };
  const checked = await checkFile({ ...task, ...quiet }, helpers(count));
  if (checked === undefined) return undefined;
  const { judgement, page, types, lines } = checked;
  return { judgement, page: page(), types, lines };
}

describe.each(some)('a file of the family $name', (family) => {
  it.each([1, 2, 3])('is judged by %i threads as it is line by line', async (count) => {
    for (let seed = 1; seed <= 4; seed++) {
      const text = textOf(family, seed);
      expect(await found(text, {}, count)).toEqual(expected(text, {}));
      const lenient = { strictness: 'maelstrom' };
      expect(await found(text, lenient, count)).toEqual(expected(text, lenient));
    }
  });

  it('is as far from a verdict with two threads as line by line', async () => {
    const text = textOf(family, 1);
    expect(await found(text, more, 2)).toEqual(expected(text, more));
  });
});

describe('a file', () => {
  const text = textOf(some[0] as Family, 1);

  it.each([
    ['of another format', '[{:process 0, :type :invoke, :f :read, :value nil}]\n'],
    ['that ends in the middle of a line', text.slice(0, -20)],
    ['with an operation that the model does not know', text.replace('"f":"read"', '"f":"look"')],
    ['with a process that completes what it did not call', text.replace('"invoke"', '"ok"')],
    ['of one line', `${text.split('\n')[1]}\n`],
  ])('%s is left to the reader of lines', async (_, changed) => {
    expect(changed).not.toBe(text);
    expect(await found(changed, {}, 2)).toBeUndefined();
  });

  it('is left to the reader of lines if a thread fails', async () => {
    writeFileSync(path, text);
    const { hire } = helpers(2);
    const failing: Helpers = {
      ...helpers(2),
      hire: () => ({ ...hire(), rows: () => Promise.reject(new Error('gone')) }),
    };
    expect(await checkFile({ path, optionsOf, ...quiet }, failing)).toBeUndefined();
  });

  it('is left to the reader of lines if its operations may not fit', async () => {
    writeFileSync(path, text);
    const task = { path, optionsOf, ...quiet };
    expect(await checkFile(task, helpers(2))).toBeDefined();
    expect(await checkFile({ ...task, roomBytes: text.length }, helpers(2))).toBeUndefined();
  });

  it('that is long is judged by threads of the command as by one', async () => {
    const family: Family = {
      ...(some[1] as Family),
      clients: 30,
      operations: 50_000,
      keys: 200,
    };
    const long = textOf(family, 1);
    expect(long.length).toBeGreaterThan(8_000_000);
    writeFileSync(path, long);
    const { code, stdout, stderr } = await spawnCli(['check', path, '--json']);
    const { judgement } = expected(long, {});
    expect({ code, stderr }).toEqual({ code: judgement.valid ? 0 : 1, stderr: '' });
    const { valid, stats, anomalies } = JSON.parse(stdout);
    expect({ valid, stats, anomalies }).toEqual(JSON.parse(JSON.stringify(judgement)));
  });

  it('that is long and has a mistake is refused as a short one is', async () => {
    const lines = textOf({ ...(some[0] as Family), operations: 50_000, keys: 200 }, 1);
    const wrong = `${lines}{"timeUs":1}\n`;
    expect(wrong.length).toBeGreaterThan(8_000_000);
    writeFileSync(path, wrong);
    const long = await cli(['check', path]);
    expect(long.code).toBe(64);
    expect(long.stderr).toMatch(/as process a whole number/);
  });
});

it('models of the registry know no parts but keys', () => {
  for (const { partition } of models.values()) expect(partition).toBeUndefined();
});
