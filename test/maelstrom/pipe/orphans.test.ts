// Nothing is left: however a run ends, its programs and all that they have started end, too.
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { pipe, processesWith, program } from '../../support/piped.js';
import { startPiped } from '../../support/piped-process.js';

/**
 * An echo that ignores whatever it is asked to end by, and has started two others that do, too: one
 * of its own group, one that has left it.
 */
function stubborn(mark: string): string {
  return program(
    `#!/usr/bin/env python3
import json, os, signal, subprocess, sys, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
    signal.signal(number, signal.SIG_IGN)
sleeper = "import time, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(1000)"
subprocess.Popen([sys.executable, "-c", sleeper, "${mark}"])
subprocess.Popen([sys.executable, "-c", sleeper, "${mark}"], start_new_session=True)
for line in sys.stdin:
    message = json.loads(line)
    body = message["body"]
    reply = {"type": body["type"] + "_ok", "in_reply_to": body["msg_id"]}
    if "echo" in body:
        reply["echo"] = body["echo"]
    print(json.dumps({"src": message["dest"], "dest": message["src"], "body": reply}), flush=True)
time.sleep(1000)
`,
    mark,
  );
}

/** Waits until no process has the mark any more, for some seconds at most. */
async function remaining(mark: string): Promise<readonly string[]> {
  for (let i = 0; i < 100 && processesWith(mark).length > 0; i++) {
    await new Promise((resume) => setTimeout(resume, 50));
  }
  return processesWith(mark);
}

describe('no process is left', () => {
  it('when a run has ended, and that is so at once', async () => {
    const mark = `left-by-an-end-${process.pid}`;
    const run = await pipe('echo', stubborn(mark), { duration: '300ms', recovery: '100ms' });
    expect(run.history.ops.length).toBeGreaterThan(5);
    expect(processesWith(mark)).toEqual([]);
  });

  it('when a run has failed', async () => {
    const mark = `left-by-a-failure-${process.pid}`;
    const onReading = (): never => {
      throw new Error('our own mistake');
    };
    const failing = pipe('echo', stubborn(mark), {}, { onReading });
    await failing.catch(() => undefined);
    expect(processesWith(mark)).toEqual([]);
  });

  it('when a node has crashed', async () => {
    const mark = `left-by-a-crash-${process.pid}`;
    const faults = [{ at: '100ms', fault: 'crash', nodes: ['n0', 'n1'], for: '100ms' }];
    await pipe('echo', stubborn(mark), { faults, duration: '300ms', recovery: '100ms' });
    expect(processesWith(mark)).toEqual([]);
  });

  it.each([
    ['SIGTERM', 'it is asked to end'],
    ['SIGINT', 'it is interrupted'],
    ['SIGKILL', 'it is killed'],
    ['SIGABRT', 'it aborts'],
  ] as const)('when %s comes: %s', async (signal, _) => {
    const mark = `left-by-${signal}-${process.pid}`;
    const child = startPiped(stubborn(mark));
    await once(child, 'message');
    expect(processesWith(mark).length).toBeGreaterThan(2);
    child.kill(signal);
    await once(child, 'exit');
    expect(await remaining(mark)).toEqual([]);
  });

  it.each([
    ['throw', 'it throws where nobody catches'],
    ['exit', 'it exits in the middle of everything'],
  ])('when %s happens: %s', async (what, _) => {
    const mark = `left-by-${what}-${process.pid}`;
    const child = startPiped(stubborn(mark));
    await once(child, 'message');
    child.send(what);
    await once(child, 'exit');
    expect(await remaining(mark)).toEqual([]);
  });

  it('when it is killed at any moment of its beginning', async () => {
    const mark = `left-by-haste-${process.pid}`;
    const bin = stubborn(mark);
    for (const afterMs of [60, 120, 180, 240, 300, 400, 500]) {
      const child = startPiped(bin);
      await new Promise((resume) => setTimeout(resume, afterMs));
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    expect(await remaining(mark)).toEqual([]);
  });
});
