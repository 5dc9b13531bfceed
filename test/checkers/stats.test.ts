// stats: figures by function, latencies, and messages in Maelstrom's accounting.
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/checkers/checker.js';
import { stats } from '../../src/checkers/stats.js';
import type { Counts } from '../../src/history/counts.js';
import { historyOf } from '../../src/history/history.js';
import { history } from '../../src/history/text.js';

describe('stats', () => {
  it('counts by function how operations ended, and why', () => {
    const text = '0:w1 0:ok 0:w2 0:fail!full 0:w3 0:fail!full 0:r 0:ok1 0:w4 0:info!timeout 1:w5';
    const figures = judge(stats, history(text)).stats;
    expect(figures).toMatchObject({
      ...{ invoked: 6, ok: 2, fail: 2, info: 1, open: 1 },
      byFunction: {
        read: { invoked: 1, ok: 1, fail: 0, info: 0, open: 0 },
        write: {
          ...{ invoked: 5, ok: 1, fail: 2, info: 1, open: 1 },
          errors: { full: 2, timeout: 1 },
        },
      },
    });
  });

  it('measures from invocation to acknowledgement, in microseconds', () => {
    const text = '0:r +3ms 0:ok 0:r +5ms 0:ok 0:w1 +1s 0:info 1:w1 +7us 1:ok';
    expect(judge(stats, history(text)).stats).toMatchObject({
      latencyUs: { count: 3, min: 7, max: 5_000 },
      byFunction: {
        read: { latencyUs: { count: 2, min: 3_000, p50: 5_000, max: 5_000 } },
        write: { latencyUs: { count: 1, min: 7 } },
      },
    });
  });

  it('divides messages between servers, lost ones included, by all invocations', () => {
    const servers = { sent: 60, delivered: 50, dropped: 12, duplicated: 2 };
    const clients = { sent: 8, delivered: 8, dropped: 0, duplicated: 0 };
    const all = { sent: 68, delivered: 58, dropped: 12, duplicated: 2 };
    const counts: Counts = { messages: { all, clients, servers } };
    const text = '0:b1 0:ok 0:r 0:ok[] 0:r 0:ok[] | 0:r 0:ok[]';
    expect(judge(stats, history(text), { counts }).stats).toMatchObject({
      messages: { servers, clients, all },
      messagesPerOp: 15,
      messagesPerWrite: 60,
    });
  });

  it('gives no figures of messages when nobody counted them', () => {
    const figures = judge(stats, history('0:r 0:ok')).stats;
    expect(figures).toEqual({
      ...{ invoked: 1, ok: 1, fail: 0, info: 0, open: 0 },
      latencyUs: { count: 1, min: 1_000, p50: 1_000, p95: 1_000, p99: 1_000, max: 1_000 },
      byFunction: { read: expect.not.objectContaining({ errors: expect.anything() }) },
      anomalies: {},
      maelstrom: { 'valid?': true },
    });
    expect(figures).not.toHaveProperty('messagesPerOp');
    expect(figures).not.toHaveProperty('messages');
  });

  it('divides by nothing neither all invocations nor those that write', () => {
    const zero = { sent: 0, delivered: 0, dropped: 0, duplicated: 0 };
    const counts: Counts = { messages: { all: zero, clients: zero, servers: zero } };
    const idle = judge(stats, history('nemesis:heal'), { counts }).stats;
    expect(idle).not.toHaveProperty('messagesPerOp');
    const reading = judge(stats, history('0:r 0:ok'), { counts }).stats;
    expect(reading).toHaveProperty('messagesPerOp', 0);
    expect(reading).not.toHaveProperty('messagesPerWrite');
  });

  it('expects no crash of a client to succeed', () => {
    const crashed = { process: 0, f: 'crash', value: null };
    const ops = (['invoke', 'info'] as const).map((type, index) => {
      return { index, timeUs: index, type, ...crashed };
    });
    expect(judge(stats, historyOf(ops))).toMatchObject({
      valid: true,
      stats: { maelstrom: { 'valid?': true } },
    });
  });

  it('says of a function that never succeeds how it ended', () => {
    const text =
      '0:c1 0:fail!precondition-failed 0:c1 0:fail!precondition-failed 0:c1 0:info!timeout';
    expect(judge(stats, history(text))).toMatchObject({
      valid: false,
      stats: { maelstrom: { 'valid?': false } },
      anomalies: [
        {
          kind: 'never-ok',
          about:
            'no cas was ever acknowledged: of 3 invocations 2 failed, 1 ended unknown: ' +
            'precondition-failed (2) and timeout (1)',
          ops: [0, 2, 4],
        },
      ],
    });
  });
});
