// set-full: what each verdict says, and that it says what its definition and Maelstrom's say.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Anomaly, judge } from '../../src/checkers/checker.js';
import { listedMax } from '../../src/checkers/findings.js';
import { setFull } from '../../src/checkers/set-full/set-full.js';
import type { History } from '../../src/history/history.js';
import { history, historyText } from '../../src/history/text.js';
import { maelstromSetFull, naiveAnomalies } from './naive-set-full.js';
import { chaoticHistory, pinned, plausibleHistory } from './random-histories.js';

const check = (text: string) => judge(setFull, history(text));
const anomaliesOf = (text: string): readonly Anomaly[] => {
  const verdict = check(text);
  return verdict.valid === false ? verdict.anomalies : [];
};
const valueText = (about: string): string => /value (\d+)/.exec(about)?.[1] ?? '';

describe('the witness of set-full', () => {
  it('names the value, the nodes and the times', () => {
    expect(anomaliesOf('0@n0:b7 0:ok | +10s 0@n0:r 0:ok[7] 1@n1:r 1:ok[] 2@n2:r 2:ok[]')).toEqual([
      {
        kind: 'lost',
        about:
          'the value 7, sent to n0 at 0.000000 s and acknowledged at 0.001000 s, is missing from ' +
          'the final reads of n1 and n2, the first at 10.004000 s; 1 other returned it',
        ops: [0, 1, 5, 7],
      },
    ]);
  });

  it('says of a value lost without final reads which read lacks it', () => {
    expect(anomaliesOf('0:b7 0:ok 1:r 1:ok[7] 2:r 2:ok[]')).toEqual([
      {
        kind: 'lost',
        about:
          'the value 7, sent to process 0 at 0.000000 s and acknowledged at 0.001000 s, is ' +
          'missing from the read of process 2 at 0.005000 s and from all after it',
        ops: [0, 1, 5],
      },
    ]);
  });

  it('says how often a value is repeated, and where', () => {
    expect(
      anomaliesOf('0@n0:b7 0:ok 0@n0:r 0:ok[7,7] | 0@n0:r 0:ok[7,7,7]').map(({ about }) => about),
    ).toEqual([
      'the read of n0 at 0.005000 s lists the value 7 3 times; it is repeated in 2 reads',
    ]);
  });

  it('names the first of the reads that repeat a value most', () => {
    const [first] = anomaliesOf('0:b7 0:ok 1:r 1:ok[7,7] 2:r 2:ok[7,7]');
    expect(first).toMatchObject({ kind: 'duplicate', ops: [3] });
  });

  it('says where a value was seen that is gone, or that not all nodes have', () => {
    const gone = '0@n0:b7 1@n1:r 1:ok[7] 0:info | 1@n1:r 1:ok[] 2@n0:r 2:ok[]';
    expect(anomaliesOf(gone)).toEqual([
      {
        kind: 'vanished',
        about:
          'the value 7, sent to n0 at 0.000000 s and never acknowledged, was read from n1 at ' +
          '0.002000 s and then vanished: it is missing from the final reads of n1 and n0, the ' +
          'first at 0.005000 s; nobody else has it',
        ops: [0, 2, 5, 7],
      },
    ]);
    expect(anomaliesOf('0@n0:b7 0:info | 2@n0:r 2:ok[7] 1@n1:r 1:ok[]')).toEqual([
      {
        kind: 'diverged',
        about:
          'the value 7, sent to n0 at 0.000000 s and never acknowledged, was read from n0 at ' +
          '0.003000 s, but is missing from the final read of n1 at 0.005000 s; 1 other returned it',
        ops: [0, 3, 5],
      },
    ]);
  });

  it('tells a value that nobody added from one that came too early', () => {
    const abouts = anomaliesOf('0@n0:r 0:ok[1,2] 0@n0:b1 0:ok | 0@n0:r 0:ok[1,2]');
    expect(abouts.map(({ about }) => about)).toEqual([
      'n0 returned the value 1 at 0.001000 s, before anybody had added it; that was at 0.002000 s',
      'n0 returned the value 2 at 0.001000 s, but nobody added it',
    ]);
  });

  it('lists few of many anomalies and counts all', () => {
    const adds = Array.from({ length: 30 }, (_, value) => `0@n0:b${value} 0:ok`).join(' ');
    const verdict = check(`${adds} | 0@n0:r 0:ok[]`);
    expect(verdict).toMatchObject({ valid: false, stats: { anomalies: { lost: 30 } } });
    expect(verdict.valid === false && verdict.anomalies.length).toBe(listedMax);
  });
});

describe('set-full gives figures that', () => {
  it('do not count the pause before the final reads', () => {
    const { stats } = check(
      '0@n0:b0 0:ok +100ms 1@n1:r 1:ok[] | +10s 1@n1:r 1:ok[] 0@n0:r 0:ok[0] +1s 1@n1:r 1:ok[0]',
    );
    expect(stats).toMatchObject({
      stableUs: { max: 100_000 },
      worst: [{ value: 0, latencyUs: 100_000, place: 'n1' }],
      maelstrom: { 'stable-latencies': { '1': 10_101 } },
    });
  });

  it('name the slowest values first, and those that were never missing not at all', () => {
    const adds = '0@n0:b0 1@n0:b1 2@n0:b2 3@n0:b3 0:ok +40ms 1:ok 2:ok +60ms 3:ok';
    const { stats } = check(`${adds} +100ms 4@n1:r 4:ok[3] | 4@n1:r 4:ok[0,1,2,3]`);
    expect(stats?.worst).toEqual([
      { value: 0, latencyUs: 201_000, place: 'n1' },
      { value: 1, latencyUs: 161_000, place: 'n1' },
      { value: 2, latencyUs: 160_000, place: 'n1' },
    ]);
    expect(stats?.stableUs).toEqual({
      ...{ count: 4, min: 0, p50: 161_000, p95: 201_000, p99: 201_000, max: 201_000 },
    });
  });

  it('do not improve when a node acknowledges late', () => {
    const { stats } = check('0@n0:b0 +50ms 1@n1:r 1:ok[] +1s 0:ok | 0@n0:r 0:ok[0] 1@n1:r 1:ok[0]');
    expect(stats).toMatchObject({
      stableUs: { max: 0 },
      stableSinceAddUs: { max: 50_000 },
      maelstrom: { 'stable-latencies': { '1': 0 } },
    });
  });

  it('count adds, acknowledgements, reads and final reads', () => {
    const { stats } = check(
      '0@n0:b0 0:ok 0@n0:b1 0:fail 0:b2 0:info 1@n0:r 1:ok[0] | 1@n0:r 1:ok[0]',
    );
    expect(stats).toMatchObject({
      attempted: 3,
      acknowledged: 1,
      stable: 1,
      reads: 2,
      finalReads: 1,
    });
  });
});

describe('set-full is unknown and says why', () => {
  it.each([
    ['0:b0 0:ok 1:r 1:ok[0] 0:b1 0:ok', '1 acknowledged value could not be read back: 1'],
    ['0@n0:b0 0:ok | 0@n0:r 0:ok[0] 1@n1:r 1:info 2@n2:r', 'no final read from n1 and n2'],
    ['0@n0:b0 0:ok 0@n0:r 0:ok5 0@n0:r 0:ok[0]', 'reads returned no list: operations 3'],
    ['0:b0 0:info', 'no value that was added was read back'],
    ['0:r 0:ok[]', 'nothing was added'],
  ])('%s', (text, reason) => {
    expect(check(text)).toMatchObject({ valid: 'unknown', reason });
  });

  it('unless another final read of the same node was answered', () => {
    expect(check('0@n0:b0 0:ok | 0@n0:r 0:fail 0@n0:r 0:ok[0]')).toMatchObject({ valid: true });
  });
});

describe('set-full agrees with', () => {
  it('a transcription of Jepsen on chaotic histories', () => {
    fc.assert(
      fc.property(chaoticHistory, (found) => {
        expect(maelstromOf(found)).toEqual(maelstromSetFull(found));
      }),
      pinned(5_000),
    );
  });

  it('a transcription of Jepsen on plausible histories', () => {
    fc.assert(
      fc.property(plausibleHistory(50_000), (found) => {
        expect(maelstromOf(found)).toEqual(maelstromSetFull(found));
      }),
      pinned(2_000),
    );
  });

  it.each([
    ['chaotic', chaoticHistory, 5_000],
    ['plausible', plausibleHistory(50_000), 2_000],
  ] as const)('its own definition, said naively, on %s histories', (_, arbitrary, runs) => {
    fc.assert(
      fc.property(arbitrary, (found) => {
        const naive = naiveAnomalies(found);
        const { stats } = judge(setFull, found);
        const counts = Object.entries(naive).map(([kind, values]) => [kind, values.length]);
        expect(stats?.anomalies, historyText(found)).toEqual(Object.fromEntries(counts));
      }),
      pinned(runs),
    );
  });

  it('its own definition about which values are wrong', () => {
    fc.assert(
      fc.property(plausibleHistory(200_000), (found) => {
        const verdict = judge(setFull, found);
        const anomalies = verdict.valid === false ? verdict.anomalies : [];
        const naive = naiveAnomalies(found);
        for (const { kind, about } of anomalies) {
          expect(naive[kind]?.map(String)).toContain(valueText(about));
        }
      }),
      pinned(1_000),
    );
  });
});

function maelstromOf(found: History): unknown {
  return judge(setFull, found).stats?.maelstrom;
}

describe('set-full', () => {
  it('refuses whatever Maelstrom refuses', () => {
    fc.assert(
      fc.property(chaoticHistory, (found) => {
        fc.pre(maelstromSetFull(found)['valid?'] === false);
        expect(judge(setFull, found), historyText(found)).toMatchObject({ valid: false });
      }),
      pinned(2_000),
    );
  });

  it('accepts what correct nodes produce', () => {
    fc.assert(
      fc.property(plausibleHistory(0), (found) => {
        expect(judge(setFull, found).valid, historyText(found)).not.toBe(false);
      }),
      pinned(2_000),
    );
  });

  it('finds every duplicate of a read of thousands', () => {
    const values = Array.from({ length: 3_000 }, (_, value) => value);
    const adds = values.map((value) => `0:b${value} 0:ok`).join(' ');
    const { stats } = check(`${adds} 1:r 1:ok[${[...values, ...values].join()}]`);
    expect(stats?.anomalies).toEqual({ duplicate: 3_000 });
  });

  it('refuses a value that one node lacks in the end, whoever is read last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 25 }), fc.nat(), fc.nat(), (nodes, a, b) => {
        const [lacking, first] = [a % nodes, b % nodes];
        const reads = Array.from({ length: nodes }, (_, at) => (first + at) % nodes).map(
          (node) => `${node}@n${node}:r ${node}:ok${node === lacking ? '[]' : '[0]'}`,
        );
        expect(check(`0@n0:b0 0:ok | +10s ${reads.join(' ')}`)).toMatchObject({ valid: false });
      }),
      pinned(300),
    );
  });
});
