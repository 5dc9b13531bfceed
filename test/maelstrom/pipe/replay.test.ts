// Recordings: what was said is said again, and comes to the same.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecording, writeRecording } from '../../../src/maelstrom/pipe/recording-file.js';
import { replayPiped } from '../../../src/maelstrom/pipe/replay.js';
import type { PipedRun } from '../../../src/maelstrom/pipe/run.js';
import { cli } from '../../cli/harness.js';
import { fixture, pipe } from '../../support/piped.js';

const lossy = { network: { latency: '2ms', loss: '10%' } };

function fileOf(run: PipedRun): string {
  const path = join(mkdtempSync(join(tmpdir(), 'stormglass-recording-')), 'run.ndjson');
  writeRecording(path, run.recording);
  return path;
}

describe('a recording', () => {
  it('of a run in lock-step is the same for the same seed', async () => {
    const once = await pipe('broadcast', fixture('python/broadcast_flood.py'), lossy);
    const again = await pipe('broadcast', fixture('python/broadcast_flood.py'), lossy);
    expect(again.digest).toBe(once.digest);
    expect(again.recording.readings).toEqual(once.recording.readings);
  });

  it.each([
    ['in lock-step', 'python/broadcast_flood.py'],
    ['with timers of its own', 'python/broadcast.py'],
    ['that died', 'python/wrong_dies.py'],
    ['that misbehaved', 'python/wrong_garbage.py'],
  ])('replays a program %s exactly', async (_, name) => {
    const workload = name.includes('broadcast') ? 'broadcast' : 'echo';
    const run = await pipe(workload, fixture(name), lossy);
    const { identical, ...again } = replayPiped(readRecording(fileOf(run)));
    expect(identical).toBe(true);
    expect(again.history.ops).toEqual(run.history.ops);
    expect(again.assessment).toEqual(run.assessment);
    expect(again.violations).toEqual(run.violations);
  });

  it('replays restarts, pauses and what was lost on the way', async () => {
    const faults = [
      { at: '200ms', fault: 'crash', nodes: ['n0'], for: '200ms' },
      { at: '300ms', fault: 'pause', nodes: ['n1'], for: '200ms' },
    ];
    const run = await pipe('broadcast', fixture('python/broadcast_flood.py'), { ...lossy, faults });
    expect(run.result.faults.map(({ effective }) => effective)).toEqual([true, true]);
    expect(replayPiped(run.recording).identical).toBe(true);
  });

  it('that was changed does not come to the same', async () => {
    const run = await pipe('echo', fixture('python/echo.py'));
    const path = fileOf(run);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('Please echo', 'Never echo'));
    expect(replayPiped(readRecording(path)).identical).toBe(false);
  });

  it('that ends too early is refused', async () => {
    const run = await pipe('echo', fixture('python/echo.py'));
    const path = fileOf(run);
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, `${lines.slice(0, 9).join('\n')}\n`);
    expect(() => readRecording(path)).toThrow(/is damaged at line 9: it ends too early/);
  });

  it('is replayed and judged by the command line', async () => {
    const run = await pipe('unique-ids', fixture('python/wrong_ids.py'));
    const path = fileOf(run);
    const { code, stdout } = await cli(['replay', path]);
    expect(stdout).toMatch(/^identical {2}a recording of .*wrong_ids\.py$/m);
    expect(stdout).toContain('was handed out 3 times');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`stormglass replay ${path}`);
    expect(code).toBe(1);
  });
});
