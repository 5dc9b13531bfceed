// `stormglass test` with what it cannot take: one clear message, exit 64, nothing written.
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, directoryWith, expectUsageError, namesIn } from './harness.js';

const directory = directoryWith({ 'nodes.txt': '\n', 'program.txt': 'no program' });
const output = join(directory, 'store');

/** A test that would run, with these options after the others. */
const right = ['-w', 'echo', '--protocol', 'echo', '--time-limit', '1', '--output', output];

const cases: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
  ['a misspelt workload', ['-w', 'brodcast', '--protocol', 'echo'], /did you mean "broadcast"/],
  ['nothing to run', ['-w', 'echo'], /nothing says what the nodes run.*--bin/s],
  ['two things to run', ['-w', 'echo', '--bin', 'a', '--protocol', 'echo'], /both given/],
  ['a misspelt protocol', ['-w', 'echo', '--protocol', 'ecko'], /unknown protocol "ecko"/],
  ['a protocol for another workload', ['-w', 'broadcast', '--protocol', 'echo'], /does not serve/],
  ['a module that is not there', ['-w', 'echo', '--protocol', './no.ts'], /there is no module/],
  ['a protocol with arguments', [...right, '--', '-v'], /protocols take no arguments/],
  ['a protocol by pipe', [...right, '--host', 'pipe'], /--host pipe does not go with --protocol/],
  ['an unknown host', [...right, '--host', 'inprocess'], /did you mean "in-process"/],
  ['no nodes', [...right, '--node-count', '0'], /--node-count is "0".*a whole number from 1/s],
  ['half a node', [...right, '--node-count', '2.5'], /--node-count is "2.5"/],
  ['a node called like a client', [...right, '--nodes', 'a,c1'], /cannot be called "c1"/],
  ['a node with a space', [...right, '-n', 'n 1'], /cannot be called "n 1"/],
  ['an empty name', [...right, '--nodes', 'a,,b'], /--nodes is "a,,b"/],
  ['a nodes file that is not there', [...right, '--nodes-file', 'no.txt'], /cannot read the nodes/],
  [
    'a nodes file without names',
    [...right, '--nodes-file', join(directory, 'nodes.txt')],
    /a file/,
  ],
  ['a time limit of nothing', [...right, '--time-limit', '0'], /a number of seconds above zero/],
  ['a time limit in words', [...right, '--time-limit', 'long'], /--time-limit is "long"/],
  ['a negative rate', [...right, '--rate', '-1'], /--rate is "-1".*a number from 0/s],
  ['too high a rate', [...right, '--rate', '1e9'], /--rate is "1e9"/],
  ['no clients', [...right, '--concurrency', '0n'], /--concurrency is "0n".*such as 2n/s],
  ['clients in words', [...right, '--concurrency', 'n2'], /--concurrency is "n2"/],
  ['a negative latency', [...right, '--latency', '-5'], /--latency is "-5".*milliseconds/s],
  ['an unknown distribution', [...right, '--latency-dist', 'normal'], /constant, uniform or exp/],
  ['a loss above all', [...right, '--loss', '1.5'], /--loss is "1.5".*2%/s],
  ['duplicates in words', [...right, '--duplicate', 'some'], /--duplicate is "some"/],
  ['a misspelt fault', [...right, '--nemesis', 'partitions'], /did you mean "partition"/],
  ['a fault too many', [...right, '--nemesis', 'kill,'], /names with commas between them/],
  ['no interval', [...right, '--nemesis-interval', '0'], /--nemesis-interval is "0"/],
  ['an unknown topology', [...right, '--topology', 'ring'], /--topology is "ring".*grid/s],
  [
    'an availability above all',
    [...right, '--availability', '2'],
    /total, or a number from 0 to 1/,
  ],
  ['an availability in words', [...right, '--availability', 'totl'], /did you mean "total"/],
  ['a misspelt model', [...right, '--consistency-models', 'serialisable'], /mean "serializable"/],
  ['no keys', [...right, '--key-count', '0'], /--key-count is "0"/],
  ['no tests', [...right, '--test-count', '0'], /--test-count is "0"/],
  ['an unknown strictness', [...right, '--strictness', 'jepsen'], /stormglass or maelstrom/],
  ['an empty seed', [...right, '--seed', ''], /--seed is ""/],
  ['an unknown figure', [...right, '--assert', 'msg-per-op<30'], /did you mean "msgs-per-op"/],
  ['an assertion without comparison', [...right, '--assert', 'msgs-per-op'], /a comparison: </],
  ['half an assertion', [...right, '--assert', 'msgs-per-op<'], /goes wrong at its end/],
  ['an assertion with a stray sign', [...right, '--assert', 'ok>1;'], /is not clear from ";"/],
  ['a time without unit', [...right, '--assert', 'latency.p50<400'], /compares a time with a numb/],
  ['an open bracket', [...right, '--assert', '(ok>1'], /a closing bracket/],
  ['a misspelt option', [...right, '--node-cuont', '3'], /did you mean "--node-count"/],
  ['an option without value', [...right, '--rate'], /--rate/],
];

describe('stormglass test refuses', () => {
  it.each(cases)('%s', async (_, args, message) => {
    expectUsageError(await cli(['test', ...args]), message);
    expect(existsSync(output)).toBe(false);
  });

  it('a place that is no directory for its results', async () => {
    const place = join(directory, 'program.txt');
    const result = await cli(['test', ...right.slice(0, -1), place]);
    expectUsageError(result, /cannot write the results.*--output/s);
  });

  it('a directory that it may not write to', async () => {
    const place = join(directory, 'closed');
    mkdirSync(place);
    chmodSync(place, 0o500);
    const mayWrite = process.getuid?.() === 0;
    const result = await cli(['test', ...right.slice(0, -1), join(place, 'store')]);
    if (mayWrite) expect(result.code).toBe(0);
    else expectUsageError(result, /permission is denied/);
  });

  it('to replace what is not its own link', async () => {
    const place = directoryWith({ latest: 'mine' });
    const result = await cli(['test', ...right.slice(0, -1), place]);
    expectUsageError(result, /latest is in the way.*Move it/s);
    expect(namesIn(place)).toEqual(['latest']);
  });
});

describe('what the names in a file are', () => {
  it('is one node each', async () => {
    const file = join(directory, 'three.txt');
    writeFileSync(file, 'alpha\nbeta\n\ngamma\n');
    const { stdout, code } = await cli([
      ...['test', '-w', 'echo', '--protocol', 'echo', '--nodes-file', file, '--no-store'],
      ...['--time-limit', '1'],
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^echo by echo on 3 nodes/);
  });
});
