// Generated faults: when they strike, whom, and that one does not depend on another.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/kernel/random.js';
import { seconds } from '../../src/kernel/time.js';
import { faultKinds } from '../../src/nemesis/index.js';
import { type ScheduleSpec, schedule } from '../../src/nemesis/schedule.js';
import { targets, targetsOf } from '../../src/nemesis/targets.js';
import { templates } from '../../src/nemesis/templates.js';

const nodes = ['n0', 'n1', 'n2', 'n3', 'n4'];

const spec: ScheduleSpec = {
  id: 'g',
  everyUs: seconds(10),
  forUs: undefined,
  fromUs: 0,
  untilUs: seconds(10_000),
  faults: ['partition'],
};

describe('timing', () => {
  it('starts or stops a fault every interval on average, as Maelstrom does', () => {
    const faults = schedule(spec, nodes, 'a');
    const lasts = faults.map(({ forUs }) => forUs ?? 0);
    const mean = lasts.reduce((sum, us) => sum + us, 0) / lasts.length / seconds(1);
    expect(faults[0]?.atUs).toBe(0);
    expect(faults.length).toBeGreaterThan(450);
    expect(faults.length).toBeLessThan(550);
    expect(mean).toBeGreaterThan(9);
    expect(mean).toBeLessThan(11);
    expect(Math.max(...lasts)).toBeLessThan(seconds(20));
  });

  it('comes at fixed times for a fixed while when told so', () => {
    const fixed: ScheduleSpec = {
      ...spec,
      spacing: 'fixed',
      forUs: seconds(3),
      fromUs: seconds(5),
      untilUs: seconds(27),
    };
    const times = schedule(fixed, nodes, 'a').map(({ id, atUs, forUs }) => [id, atUs, forUs]);
    expect(times).toEqual([
      ['g/0', seconds(5), seconds(3)],
      ['g/1', seconds(15), seconds(3)],
      ['g/2', seconds(25), seconds(2)],
    ]);
  });

  it('lets a fault end before the next one strikes', () => {
    const dense = { ...spec, everyUs: seconds(2), forUs: seconds(3) };
    const faults = schedule(dense, nodes, 'a');
    for (const [index, { atUs }] of faults.entries()) {
      const before = faults[index - 1];
      expect(atUs).toBeGreaterThanOrEqual((before?.atUs ?? 0) + (before?.forUs ?? 0));
    }
  });

  it('accepts an interval of hours', () => {
    const hourly = { ...spec, everyUs: seconds(3_600), untilUs: seconds(36_000) };
    expect(schedule(hourly, nodes, 'a').length).toBeGreaterThan(0);
  });
});

describe('what is drawn', () => {
  it('is planned within the bounds, whatever the seed', () => {
    for (const seed of ['a', 'b', 'c']) {
      for (const { atUs, forUs } of schedule({ ...spec, untilUs: seconds(60) }, nodes, seed)) {
        expect(atUs + (forUs ?? 0)).toBeLessThanOrEqual(seconds(60));
      }
    }
  });

  it('depends on the fault and not on how many come after it', () => {
    const short = schedule({ ...spec, untilUs: seconds(100) }, nodes, 'a').slice(0, -1);
    const long = schedule({ ...spec, untilUs: seconds(1_000) }, nodes, 'a');
    expect(long.slice(0, short.length)).toEqual(short);
  });

  it('differs between generators of one seed', () => {
    const faults = (id: string) => schedule({ ...spec, id }, nodes, 'a').map(({ fault }) => fault);
    expect(faults('g')).not.toEqual(faults('h'));
  });

  it('uses every kind, shape and target that it may use', () => {
    const any = {
      ...spec,
      faults: ['partition', 'crash'],
      shapes: ['one', 'bridge'],
      targets: ['one', 'all'],
    };
    const kinds = schedule(any, nodes, 'a').map(({ fault }) =>
      'nodes' in fault ? `${fault.f} ${fault.nodes.length}` : fault.f,
    );
    expect([...new Set(kinds)].sort()).toEqual(['crash 1', 'crash 5', 'cut', 'partition']);
  });

  it('rejects kinds that do not last', () => {
    expect(() => schedule({ ...spec, faults: ['heal'] }, nodes, 'a')).toThrow('known kinds');
  });
});

describe('every template', () => {
  test.prop({ name: fc.constantFrom(...templates.keys()), seed: fc.string() }, { seed: 7 })(
    'becomes a fault of its own kind, or a cut for a partition of links',
    ({ name, seed }) => {
      const [planned] = schedule({ ...spec, faults: [name] }, nodes, seed);
      const kinds = name === 'partition' ? ['partition', 'cut'] : [name];
      expect(kinds).toContain(planned?.fault.f);
    },
  );
});

describe('targets', () => {
  it.each([
    ['one', 5, 1],
    ['minority', 5, 2],
    ['minority', 4, 1],
    ['minority-third', 7, 2],
    ['majority', 5, 3],
    ['majority', 4, 3],
    ['all', 5, 5],
    ['minority', 1, 1],
  ])('%s of %i nodes is %i of them', (name, count, expected) => {
    const all = Array.from({ length: count }, (_, i) => `n${i}`);
    expect(targetsOf(name, all, stream('a', 'targets'))).toHaveLength(expected);
  });

  test.prop({ name: fc.constantFrom(...targets.keys()), seed: fc.string() }, { seed: 8 })(
    'are members in the order of the list, one at least',
    ({ name, seed }) => {
      const chosen = targetsOf(name, nodes, stream(seed, 'targets'));
      expect(chosen.length).toBeGreaterThan(0);
      expect(chosen).toEqual(nodes.filter((node) => chosen.includes(node)));
    },
  );
});

it('has a line about every kind of fault', () => {
  expect(faultKinds.size).toBe(20);
  const drawn = [...faultKinds].filter(([, kind]) => kind.drawn).map(([name]) => name);
  expect(drawn).toEqual([...templates.keys()]);
});
