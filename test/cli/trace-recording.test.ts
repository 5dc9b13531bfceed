// A recording of programs behind pipes is walked through as any run, but for going differently.
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { writeRecording } from '../../src/maelstrom/pipe/recording-file.js';
import { runPiped } from '../../src/maelstrom/pipe/run.js';
import { cli, directoryWith } from './harness.js';

it('steps through what programs have said, backwards too', async () => {
  const program = resolve('fixtures/nodes/javascript/echo.js');
  const scenario = {
    nodes: 2,
    workload: { name: 'echo', rate: 10 },
    duration: '1s',
    recovery: '0s',
  } as const;
  const run = await runPiped(scenario, '1', { bin: process.execPath, args: [program] });
  const path = join(directoryWith(), 'recording.ndjson');
  writeRecording(path, run.recording);
  const whole = await cli(['trace', path]);
  expect([whole.code, whole.stderr]).toEqual([0, '']);
  expect(whole.stdout.trimEnd().split('\n')).toHaveLength(run.result.events + 1);
  const part = await cli(['trace', path, '--from', '4', '--to', '6']);
  expect(whole.stdout).toContain(part.stdout.split('\n').slice(1).join('\n'));
  const out = join(directoryWith(), 'screen.svg');
  const keys = 'G k k g j a';
  const step = await cli(['step', path, '--keys', keys, '--size', '80x24', '--picture', out]);
  expect(step.code).toBe(0);
  const other = await cli(['trace', path, '--seed', '2']);
  expect([other.code, other.stderr]).toEqual([64, expect.stringContaining('is a recording')]);
});
