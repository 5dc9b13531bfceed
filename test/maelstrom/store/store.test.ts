// What `stormglass test` keeps: all of Maelstrom's files under its names, which can be read back,
// and a journal that accounts for every message.
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readEdn } from '../../../src/history/formats/edn.js';
import { edn } from '../../../src/history/formats/edn-history.js';
import { parseHistory } from '../../../src/history/ndjson.js';
import { cli, directoryWith, namesIn } from '../../cli/harness.js';

const stormy = [
  ...['test', '-w', 'broadcast', '--protocol', 'broadcast/flood-retry', '--rate', '20'],
  ...['--time-limit', '10', '--latency', '50', '--latency-dist', 'exponential'],
  ...['--loss', '10%', '--duplicate', '10%', '--nemesis', 'partition,pause,kill'],
  ...['--nemesis-interval', '2', '--seed', 'storm'],
];

let store: string;
let latest: string;
const text = (name: string): string => readFileSync(join(latest, name), 'utf8');
const lines = (name: string): readonly string[] => text(name).trimEnd().split('\n');

beforeAll(async () => {
  store = directoryWith();
  await cli([...stormy, '--output', store]);
  latest = join(store, 'latest');
});

describe('the directory of results', () => {
  it('has all that Maelstrom keeps, and is named after the workload and the time', () => {
    expect(namesIn(latest)).toEqual([
      ...['history.edn', 'history.ndjson', 'history.txt', 'latency-quantiles.svg'],
      ...['latency-raw.svg', 'messages.ndjson', 'messages.svg', 'node-logs', 'rate.svg'],
      ...['report.txt', 'results.edn', 'results.json', 'scenario.yaml', 'timeline.html'],
    ]);
    expect(namesIn(join(latest, 'node-logs'))).toEqual([1, 2, 3, 4, 5].map((n) => `n${n}.log`));
    expect(readlinkSync(latest)).toMatch(/^broadcast\/\d{8}T\d{6}\.\d{3}Z$/);
    const own = readlinkSync(join(store, 'broadcast/latest'));
    expect(join('broadcast', own)).toBe(readlinkSync(latest));
  });

  it('leaves nothing beside it, and latest follows the next', async () => {
    const before = readlinkSync(latest);
    await cli([...stormy, '--output', store, '--time-limit', '1']);
    expect(readlinkSync(latest)).not.toBe(before);
    expect(existsSync(join(store, before))).toBe(true);
    expect(namesIn(store)).toEqual(['broadcast', 'latest']);
    expect(namesIn(join(store, 'broadcast'))).toHaveLength(3);
    latest = join(store, before);
  });

  it('logs the life of a node', () => {
    const logs = [1, 2, 3, 4, 5].map((n) => text(`node-logs/n${n}.log`)).join('');
    expect(logs).toMatch(/^0\.000000 started$/m);
    expect(logs).toMatch(/^\d+\.\d{6} crash$/m);
    expect(logs).toMatch(/^\d+\.\d{6} pause ends$/m);
  });
});

describe('results.json and results.edn', () => {
  const keys = [
    ...['perf', 'timeline', 'exceptions', 'stats', 'availability', 'net', 'workload', 'valid?'],
    'stormglass',
  ];

  it('have the keys of Maelstrom, and say the same', () => {
    const json = JSON.parse(text('results.json'));
    expect(Object.keys(json)).toEqual(keys);
    const { at: _, ...read } = { at: 0, value: readEdn({ text: text('results.edn'), at: 0 }) };
    expect(JSON.parse(JSON.stringify(read.value))).toEqual(json);
  });

  it('count as Maelstrom does', () => {
    const { net, stats, workload } = JSON.parse(text('results.json'));
    const { history } = parseHistory(text('history.ndjson'));
    const invoked = history.ops.filter(
      ({ type, process }) => type === 'invoke' && process !== 'nemesis',
    );
    expect(stats.count).toBe(invoked.length);
    expect(net.servers['msgs-per-op']).toBe(net.servers['msg-count'] / invoked.length);
    expect(net.all['msg-count']).toBe(net.servers['msg-count'] + net.clients['msg-count']);
    expect(Object.keys(workload['stable-latencies'])).toEqual(['0', '1', '0.5', '0.95', '0.99']);
  });
});

describe('the history', () => {
  it('is the same in NDJSON and in EDN', () => {
    const { history } = parseHistory(text('history.ndjson'));
    const reader = edn.open();
    reader.read(text('history.edn'));
    const recorded = reader.end().history;
    const bare = ({ index, process, type, f, timeUs }: (typeof history.ops)[number]) => {
      return { index, process, type, f, timeUs };
    };
    expect(recorded.ops.map(bare)).toEqual(history.ops.map(bare));
    const values = (ops: typeof history.ops) => ops.map(({ value }) => value ?? null);
    expect(values(recorded.ops)).toEqual(values(history.ops));
  });

  it('has the faults as lines of the nemesis, in order', () => {
    const { history } = parseHistory(text('history.ndjson'));
    const nemesis = history.ops.filter(({ process }) => process === 'nemesis');
    const functions = new Set(nemesis.map(({ f }) => f));
    expect(functions).toContain('start-pause');
    expect(functions).toContain('stop-pause');
    expect(
      lines('history.txt').filter((line) => line.startsWith(':nemesis\t:info\t')),
    ).toHaveLength(nemesis.length);
  });

  it('is judged alike by `stormglass check`', async () => {
    const { code } = await cli([
      ...['check', join(latest, 'history.edn'), '--checker', 'set-full', '--json'],
    ]);
    const { workload } = JSON.parse(text('results.json'));
    expect(code).toBe(workload['valid?'] === true ? 0 : 1);
  });
});

describe('the journal', () => {
  interface Line {
    readonly event: string;
    readonly id: number;
    readonly why?: string;
    readonly timeUs: number;
  }

  it('accounts for every message that was counted', () => {
    const journal = lines('messages.ndjson').map((line) => JSON.parse(line) as Line);
    const { net } = JSON.parse(text('results.json'));
    const of = (event: string) => journal.filter((line) => line.event === event);
    expect(of('send')).toHaveLength(net.all['send-count']);
    expect(of('recv')).toHaveLength(net.all['recv-count']);
    expect(of('drop')).toHaveLength(net.all['drop-count']);
    expect(new Set(of('send').map(({ id }) => id)).size).toBe(of('send').length);
  });

  it('says why each lost message was lost', () => {
    const journal = lines('messages.ndjson').map((line) => JSON.parse(line) as Line);
    const whys = new Set(journal.flatMap(({ event, why }) => (event === 'drop' ? [why] : [])));
    expect([...whys].sort()).toEqual(['lost by chance', 'the link is cut', 'the node is down']);
  });

  it('sends before it receives, and in order of time', () => {
    const journal = lines('messages.ndjson').map((line) => JSON.parse(line) as Line);
    const sent = new Set<number>();
    let nowUs = 0;
    for (const { event, id, timeUs } of journal) {
      expect(timeUs).toBeGreaterThanOrEqual(nowUs);
      nowUs = timeUs;
      if (event === 'send') sent.add(id);
      else expect(sent.has(id)).toBe(true);
    }
  });
});

describe('the journal of clients that do something by themselves', () => {
  it('names who asked: the answer goes back there', async () => {
    const output = directoryWith();
    await cli([
      ...['test', '-w', 'kafka', '--protocol', 'kafka/single', '--node-count', '2'],
      ...['--time-limit', '5', '--rate', '20', '--output', output],
    ]);
    const journal = readFileSync(join(output, 'latest/messages.ndjson'), 'utf8').trimEnd();
    const sent = journal.split('\n').flatMap((line) => {
      const { event, src, dest, body } = JSON.parse(line);
      return event === 'send' ? [{ src, dest, ...body }] : [];
    });
    const answers = sent.filter(({ dest, in_reply_to }) => /^c\d/.test(dest) && in_reply_to);
    const askers = answers.map(({ src, in_reply_to }) =>
      sent.flatMap((one) => (one.msg_id === in_reply_to && one.dest === src ? [one.src] : [])),
    );
    expect(answers.length).toBeGreaterThan(50);
    for (const [nth, { dest }] of answers.entries()) expect(askers[nth]).toContain(dest);
  });
});

describe('what checkers found', () => {
  it('has a folder and a picture for each key that is not linearizable', async () => {
    const output = directoryWith();
    const { code } = await cli([
      ...['test', '-w', 'lin-kv', '--protocol', 'lin-kv/single', '--node-count', '2'],
      ...['--concurrency', '8', '--time-limit', '10', '--rate', '20', '--output', output],
    ]);
    expect(code).toBe(1);
    const keys = namesIn(join(output, 'latest/independent'));
    expect(keys.length).toBeGreaterThan(1);
    for (const key of keys) {
      const folder = join(output, 'latest/independent', key);
      expect(namesIn(folder)).toEqual(['history.ndjson', 'linear.html', 'results.json']);
      const { history } = parseHistory(readFileSync(join(folder, 'history.ndjson'), 'utf8'));
      const asked = history.ops.filter(({ type }) => type === 'invoke');
      expect(new Set(asked.map(({ value }) => String((value as unknown[])[0])))).toEqual(
        new Set([key]),
      );
      expect(readFileSync(join(folder, 'linear.html'), 'utf8')).toContain('Not linearizable');
      const checked = await cli(['check', join(folder, 'history.ndjson'), '--model', 'kv']);
      expect(checked.code).toBe(1);
    }
  });

  it('has a text for each anomaly of transactions', async () => {
    const output = directoryWith();
    const { code } = await cli([
      ...['test', '-w', 'txn-rw-register', '--protocol', 'txn-rw-register/dirty'],
      ...['--time-limit', '5', '--rate', '50', '--output', output],
      ...['--consistency-models', 'read-committed , snapshot-isolation'],
    ]);
    expect(code).toBe(1);
    const texts = namesIn(join(output, 'latest/elle'));
    expect(texts).toContain('G1a.txt');
    const { workload } = JSON.parse(readFileSync(join(output, 'latest/results.json'), 'utf8'));
    const kinds = new Set(workload.errors.map(({ kind }: { kind: string }) => `${kind}.txt`));
    expect(texts).toEqual([...kinds].sort());
  });
});
