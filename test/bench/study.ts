// `npm run study`: writes docs/broadcast-study.md and its picture: what each variant of the
// broadcast ladder pays in messages and in latency, healthy and partitioned, from simulation,
// beside what others have published. The same seeds give the same page.
import { writeFileSync } from 'node:fs';
import { measured } from '../support/broadcast-figures.js';
import { mean, seedsFor } from './published/row.js';
import { page } from './study/page.js';
import { picture } from './study/picture.js';
import { type Point, published, variants } from './study/variants.js';

const partitions = (shapes: readonly string[]) => ({
  faults: [{ every: '10s', faults: ['partition'], shapes: [...shapes] }],
  duration: '60s',
});

const weathers = {
  healthy: {},
  ring: partitions(['majorities-ring']),
  mixed: partitions(['one', 'halves', 'minority-third', 'majorities-ring']),
} as const;

const seeds = seedsFor('study', 3);

function pointOf(
  { protocol, options, topology }: (typeof variants)[number],
  weather: keyof typeof weathers,
): Point {
  const runs = seeds.map((seed) =>
    measured({ name: protocol, options }, topology, weathers[weather], seed),
  );
  const of = (figure: 'perOp' | 'medianMs' | 'p95Ms' | 'maxMs' | 'lost' | 'healedMaxMs'): number =>
    mean(runs.map((run) => run[figure]));
  return {
    perOp: of('perOp'),
    medianMs: of('medianMs'),
    p95Ms: of('p95Ms'),
    maxMs: of('maxMs'),
    lost: of('lost'),
    healedMaxMs: of('healedMaxMs'),
  };
}

const rows = variants.map((variant) => {
  process.stderr.write(`${variant.label}\n`);
  return {
    ...variant,
    healthy: pointOf(variant, 'healthy'),
    ring: pointOf(variant, 'ring'),
    mixed: pointOf(variant, 'mixed'),
  };
});

writeFileSync('docs/broadcast-study.svg', picture(rows, published));
writeFileSync('docs/broadcast-study.md', page(rows, published, seeds.length));
