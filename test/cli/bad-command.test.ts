// Bad command lines: one clear message, exit code 64, no stack, and nothing left behind.
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, directoryWith, expectUsageError, namesIn, scenarioText } from './harness.js';

type BadCommand = readonly [claim: string, args: readonly string[], message: RegExp];

const sound = (): string => join(directoryWith({ 'sound.yaml': scenarioText() }), 'sound.yaml');

const badCommands: readonly BadCommand[] = [
  ['an unknown command', ['rnu', 'x.yaml'], /unknown command 'rnu'[\s\S]*mean "run"/],
  ['an unknown option', ['run', '--sed', '1', 'x.yaml'], /unknown option '--sed'[\s\S]*"--seed"/],
  ['no file', ['run'], /missing required argument 'file'/],
  ['a file too many', ['run', 'a.yaml', 'b.yaml'], /too many arguments/],
  ['an option without its value', ['run', 'a.yaml', '--seed'], /argument missing/],
  ['a file that is not there', ['run', 'nobody.yaml'], /there is no scenario file "nobody.yaml"/],
  ['a name nearly right', ['run', 'broadcast-no-rety'], /did you mean "broadcast-no-retry"/],
  ['a directory', ['run', '/'], /is a directory/],
  ['an empty seed', ['run', sound(), '--seed', ''], /the seed is ""/],
  ['a seed with a line feed', ['run', sound(), '--seed', 'a\nb'], /the seed is "a\\nb"/],
  ['an endless seed', ['run', sound(), '--seed', 'x'.repeat(300)], /the seed is "xxx/],
  ['an unknown edit', ['run', sound(), '--edit', 'drp x'], /unknown edit "drp"[\s\S]*mean "drop"/],
  ['an edit of a bad key', ['run', sound(), '--edit', 'drop 12'], /"message" is "12"/],
  ['an edit of too few words', ['run', sound(), '--edit', 'delay'], /expected delay MESSAGE BY/],
  ['an edit that is no YAML', ['run', sound(), '--edit', '{edit: '], /--edit "\{edit: "/],
  [
    'an edit at nobody',
    ['run', sound(), '--edit', "{edit: fault, at: '0123456789abcdef', fault: crash, nodes: [n9]}"],
    /no node "n9"/,
  ],
  ['no seeds', ['check-determinism', sound(), '--seeds', '0'], /--seeds is "0"/],
  ['half a seed', ['check-determinism', sound(), '--seeds', '1.5'], /--seeds is "1.5"/],
  ['an unknown list', ['list', 'protocol'], /no list of "protocol"[\s\S]*mean "protocols"/],
  ['a trace that is not there', ['replay', 'nobody.ndjson'], /there is no such file/],
  ['a trace that is a directory', ['replay', '/'], /is a directory/],
  ['a scenario for a trace', ['replay', sound()], /is no trace/],
];

describe('the command line', () => {
  for (const [claim, args, message] of badCommands) {
    it(`refuses ${claim}`, async () => {
      expectUsageError(await cli(args), message);
    });
  }

  it('refuses to write a trace where there is no directory', async () => {
    const result = await cli(['run', sound(), '--trace', '/nowhere/at/all.ndjson']);
    expectUsageError(result, /cannot write trace .*: there is no such file or directory/);
  });

  it('refuses to write a trace over a directory', async () => {
    const directory = directoryWith();
    mkdirSync(join(directory, 'there'));
    const result = await cli(['run', sound(), '--trace', join(directory, 'there')]);
    expectUsageError(result, /there is a directory/);
    expect(namesIn(directory)).toEqual(['there']);
  });

  it('refuses to write a trace into a file', async () => {
    const directory = directoryWith({ file: '' });
    const result = await cli(['run', sound(), '--trace', join(directory, 'file/trace.ndjson')]);
    expectUsageError(result, /part of the path is not a directory/);
  });

  it.skipIf(process.getuid?.() === 0)('refuses a file without permission', async () => {
    const file = sound();
    chmodSync(file, 0);
    expectUsageError(await cli(['run', file]), /permission is denied/);
  });
});
