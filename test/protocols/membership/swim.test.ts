// SWIM's promises, each tried on several seeds: completeness, load, the bound on retransmissions,
// no false alarm while a suspect can refute; and what each of Lifeguard's options is good for.
import { describe, expect, it } from 'vitest';
import { ceilLn, ln } from '../../../src/protocols/membership/logarithm.js';
import { swim } from '../../../src/protocols/membership/swim/swim.js';
import type { ScenarioInput } from '../../../src/scenario/scenario.js';
import { simulate } from '../../../src/scenario/simulate.js';
import type { Step } from '../../../src/sim/step.js';
import { falseAlarms } from '../../support/false-alarms.js';

const seeds = Array.from({ length: 6 }, (_, i) => `swim-${i}`);
const nodes = 12;

/** A cluster of which a member fails for good after 10 s. */
const failure: ScenarioInput = {
  protocol: 'membership/swim',
  nodes,
  workload: { name: 'membership', rate: 20, timeout: '500ms' },
  network: { latency: { shape: 'exponential', mean: '10ms' }, loss: '2%' },
  faults: [{ at: '10s', for: '49s', fault: 'crash', nodes: ['n3'] }],
  duration: '60s',
  recovery: '10s',
};

describe('logarithms', () => {
  it('are those of the machine, to nine digits', () => {
    for (let x = 1; x < 5_000; x += 7) expect(Math.abs(ln(x) - Math.log(x))).toBeLessThan(1e-9);
  });

  it('are rounded up', () => {
    for (const n of [1, 2, 3, 8, 26, 1_001, 10_001]) expect(ceilLn(n)).toBe(Math.ceil(Math.log(n)));
  });
});

describe('a failure', () => {
  it('is found within 2n − 1 periods and known to all in the time to refute and a little', () => {
    const boundUs = (2 * nodes - 1 + 2 * 3 * ceilLn(nodes + 1)) * 1_000_000;
    for (const seed of seeds) {
      const options = { detect: `${boundUs / 1_000_000}s`, 'false-failures': 'never' };
      const checkers = [{ name: 'membership', options }];
      expect(simulate({ ...failure, checkers }, seed).assessment.valid).toBe(true);
    }
  });

  it('is told by each node at most λ⌈ln(n + 1)⌉ times', () => {
    for (const seed of seeds.slice(0, 3)) {
      const told = new Map<string, number>();
      for (const [from, update] of rumours(failure, seed)) {
        const key = JSON.stringify([from, update]);
        told.set(key, (told.get(key) ?? 0) + 1);
      }
      expect(told.size).toBeGreaterThan(nodes);
      expect(Math.max(...told.values())).toBeLessThanOrEqual(3 * ceilLn(nodes + 1));
    }
  });

  it('costs each node at most 2 + 4k messages a period, and a sync now and then', () => {
    const sent = new Map<string, number>();
    watch(failure, 'load', ({ atUs, happening, effects }) => {
      const node = 'node' in happening ? happening.node : '';
      for (const effect of effects) {
        if (effect.effect !== 'send' || !effect.dest.startsWith('n') || node === '') continue;
        const key = `${node} ${Math.floor(atUs / 10_000_000)}`;
        sent.set(key, (sent.get(key) ?? 0) + 1);
      }
    });
    const perPeriod = [...sent.values()].map((count) => count / 10);
    expect(Math.max(...perPeriod)).toBeLessThanOrEqual(2 + 4 * swim.options.pingReqs);
    const mean = perPeriod.reduce((a, b) => a + b, 0) / perPeriod.length;
    expect(mean).toBeLessThan(3);
  });
});

describe('broken twins', () => {
  it.each([
    ['membership/swim-no-refutation', 'split'],
    ['membership/swim-no-bump', 'split'],
  ])('%s keeps the cluster split after a pause, the sound one does not', (broken, anomaly) => {
    const faults: ScenarioInput['faults'] = [
      { at: '5s', for: '20s', fault: 'pause', nodes: ['n3'] },
    ];
    for (const seed of seeds.slice(0, 5)) {
      const scenario = { ...failure, nodes: 5, faults, duration: '30s', recovery: '15s' };
      const expect_ = { object: 'membership', anomaly } as const;
      const twin = simulate({ ...scenario, protocol: broken, expect: expect_ }, seed);
      expect(twin.assessment.expected).toBe(true);
      expect(simulate(scenario, seed).assessment.valid).toBe(true);
    }
  });

  it.each([
    ['membership/swim-amnesiac', 'incarnation-back'],
    ['membership/swim-forgetful', 'resurrected'],
  ])('%s is caught', (broken, anomaly) => {
    const faults: ScenarioInput['faults'] = [
      { at: '5s', for: '20s', fault: 'pause', nodes: ['n3'] },
      { at: '35s', for: '2s', fault: 'crash', nodes: ['n3'] },
      { at: '36s', for: '4s', fault: 'partition', components: [['n3']] },
    ];
    const caught = seeds.filter((seed) => {
      const scenario = { ...failure, protocol: broken, nodes: 5, faults, duration: '45s' };
      const run = simulate({ ...scenario, expect: { object: 'membership', anomaly } }, seed);
      return run.assessment.expected;
    });
    expect(caught.length).toBeGreaterThanOrEqual(seeds.length - 1);
    const sound = { ...failure, nodes: 5, faults, duration: '45s' };
    for (const seed of seeds) expect(simulate(sound, seed).assessment.valid).toBe(true);
  });
});

describe('Lifeguard', () => {
  const lifeguard = { 'health-max': 8, 'suspicion-max-mult': 6, buddy: true };

  it('has ten times fewer members declared dead that are well while others stall', () => {
    let [plain, guarded] = [0, 0];
    for (const seed of seeds.slice(0, 4)) {
      plain += falseAlarms({}, seed);
      guarded += falseAlarms(lifeguard, seed);
    }
    expect(plain).toBeGreaterThan(20);
    expect(guarded).toBeLessThanOrEqual(plain / 10);
  });

  it('still finds a real failure', () => {
    const protocol = { name: 'membership/swim', options: lifeguard };
    const checkers = [{ name: 'membership', options: { detect: '45s' } }];
    for (const seed of seeds.slice(0, 3)) {
      expect(simulate({ ...failure, protocol, checkers }, seed).assessment.valid).toBe(true);
    }
  });
});

interface Spoken {
  readonly type: string;
  readonly updates?: readonly { readonly status: string }[];
}

function watch(scenario: ScenarioInput, seed: string, observer: (step: Step) => void): void {
  simulate(scenario, seed, [], { observer });
}

/** Every update that a node sends, with the sender. */
function rumours(scenario: ScenarioInput, seed: string): [string, unknown][] {
  const found: [string, unknown][] = [];
  watch(scenario, seed, ({ atUs, happening, effects }) => {
    const node = 'node' in happening ? happening.node : '';
    if (atUs > 58_000_000) return; // Those who come back are told that they are dead, each time.
    for (const effect of effects) {
      if (effect.effect !== 'send') continue;
      const { type, updates = [] } = effect.body as unknown as Spoken;
      if (type.startsWith('sync')) continue;
      for (const update of updates) if (update.status !== 'alive') found.push([node, update]);
    }
  });
  return found;
}
