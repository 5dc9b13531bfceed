// What a program is taken to be doing, by what the kernel shows of it.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Observer } from '../../../src/maelstrom/pipe/quiescence.js';
import { sleepsOf } from '../../../src/maelstrom/pipe/syscalls.js';

const pid = 77;
const read = [...(sleepsOf(process.arch) ?? [])].find(([, { kind }]) => kind === 'read')?.[0];
/** It waits to read its stdin. */
const waits = `${read} 0x0 0x7f0000001000 0x2000 0x0 0x0 0x0 0x7ffc00001000 0x7f0000002000\n`;

/** A directory that looks like /proc with one process in it, and what to say of that. */
function kernel() {
  const proc = mkdtempSync(join(tmpdir(), 'stormglass-proc-'));
  mkdirSync(join(proc, `${pid}/task/${pid}`), { recursive: true });
  const shows = (call: string, state: string): void => {
    writeFileSync(join(proc, `${pid}/task/${pid}/syscall`), call);
    writeFileSync(join(proc, `${pid}/stat`), `${pid} (node) ${state} 1 1 77 ${'0 '.repeat(46)}`);
  };
  shows(waits, 'S');
  return { observer: new Observer(pid, proc), shows };
}

describe.skipIf(read === undefined)('a program', () => {
  it('that waits for its stdin is quiescent', () => {
    const { observer, shows } = kernel();
    expect(observer.look().state).toBe('quiescent');
    shows('running\n', 'R');
    expect(observer.look().state).toBe('busy');
  });

  it('that is being woken is busy, although its call still reads as if it slept', () => {
    const { observer, shows } = kernel();
    expect(observer.look().state).toBe('quiescent');
    observer.told();
    shows(waits, 'R');
    expect([observer.look().state, observer.look().state]).toEqual(['busy', 'busy']);
    shows(waits, 'S');
    expect(observer.look().state).toBe('quiescent');
  });

  it('that was told something and sleeps has worked it off', () => {
    const { observer } = kernel();
    observer.look();
    observer.told();
    expect(observer.look().state).toBe('quiescent');
  });
});
