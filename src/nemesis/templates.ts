// What a generated fault is made of: a template says what is fixed (how much loss, how slow),
// chance says whom it strikes. The figures are Jepsen's where Jepsen has them.
import { unreachable } from '../kernel/assert.js';
import type { Random } from '../kernel/random.js';
import { type Micros, ms, seconds } from '../kernel/time.js';
import type { NodeId } from '../node/message.js';
import type { CutMode, Fault, Links, LostWrites } from './fault.js';
import { faultOfCut, shapeOf } from './shapes.js';
import { targetsOf } from './targets.js';

/** A fault that lasts, without whom it strikes. Amounts with a sign are drawn in ± that range. */
type Template =
  | { readonly f: 'partition'; readonly mode: CutMode }
  /** One directed link between two members. */
  | { readonly f: 'cut'; readonly mode: CutMode }
  | { readonly f: 'loss' | 'duplicate'; readonly ppm: number }
  | { readonly f: 'reorder'; readonly ppm: number; readonly windowUs: Micros }
  | { readonly f: 'slow-link'; readonly factor: number; readonly extraUs: Micros }
  | { readonly f: 'crash'; readonly lost: LostWrites }
  | { readonly f: 'pause' | 'disk-full' | 'leave' }
  | { readonly f: 'slow-node'; readonly serviceUs: Micros }
  | { readonly f: 'clock-offset'; readonly offsetUsMax: Micros }
  | { readonly f: 'clock-drift'; readonly ppmMax: number }
  | { readonly f: 'clock-jump'; readonly byUsMax: Micros }
  | { readonly f: 'disk-slow'; readonly factor: number }
  | { readonly f: 'disk-fail'; readonly ppm: number };

const all: readonly Template[] = [
  { f: 'partition', mode: 'drop' },
  { f: 'cut', mode: 'drop' },
  { f: 'loss', ppm: 200_000 },
  { f: 'duplicate', ppm: 200_000 },
  { f: 'reorder', ppm: 200_000, windowUs: ms(200) },
  { f: 'slow-link', factor: 10, extraUs: 0 },
  { f: 'crash', lost: 'all' },
  { f: 'pause' },
  { f: 'slow-node', serviceUs: ms(5) },
  { f: 'clock-offset', offsetUsMax: seconds(5) },
  { f: 'clock-drift', ppmMax: 100_000 },
  { f: 'clock-jump', byUsMax: seconds(5) },
  { f: 'disk-slow', factor: 50 },
  { f: 'disk-full' },
  { f: 'disk-fail', ppm: 500_000 },
  { f: 'leave' },
];

/** The kinds of faults that a generator can draw, by name, with their usual figures. */
export const templates: ReadonlyMap<string, Template> = new Map(
  all.map((template) => [template.f, template]),
);

/** Whom a fault may strike: which shapes, and how many. Each is drawn with equal chance. */
export interface Choices {
  readonly shapes: readonly string[];
  readonly targets: readonly string[];
}

/** The fault that chance makes of a template. */
export function fill(
  template: Template,
  nodes: readonly NodeId[],
  choices: Choices,
  random: Random,
): Fault {
  switch (template.f) {
    case 'partition':
      return faultOfCut(shapeOf(random.pick(choices.shapes), nodes, random), template.mode);
    case 'cut':
      return { ...template, links: oneLink(nodes, random) };
    case 'loss':
    case 'duplicate':
    case 'reorder':
    case 'slow-link':
      return {
        ...template,
        links: linksOf(targetsOf(random.pick(choices.targets), nodes, random)),
      };
    case 'clock-offset':
    case 'clock-drift':
    case 'clock-jump':
      return clockFault(template, targetsOf(random.pick(choices.targets), nodes, random), random);
    case 'crash':
    case 'pause':
    case 'slow-node':
    case 'disk-slow':
    case 'disk-full':
    case 'disk-fail':
    case 'leave':
      return { ...template, nodes: targetsOf(random.pick(choices.targets), nodes, random) };
    default:
      return unreachable(template);
  }
}

type ClockTemplate = Extract<Template, { readonly f: `clock-${string}` }>;

function clockFault(template: ClockTemplate, nodes: readonly NodeId[], random: Random): Fault {
  switch (template.f) {
    case 'clock-offset':
      return { f: template.f, nodes, offsetUs: signed(template.offsetUsMax, random) };
    case 'clock-drift':
      return { f: template.f, nodes, ppm: signed(template.ppmMax, random) };
    case 'clock-jump':
      return { f: template.f, nodes, byUs: signed(template.byUsMax, random) };
    default:
      return unreachable(template);
  }
}

/** A whole number in [−max, max]. */
const signed = (max: number, random: Random): number => random.below(2 * max + 1) - max;

/** What a node hears from another, drawn by chance; nothing with fewer than two nodes. */
function oneLink(nodes: readonly NodeId[], random: Random): Links {
  const [from, to] = random.shuffle(nodes);
  return from === undefined || to === undefined ? [] : [[from, to]];
}

/** Everything to and from these nodes. */
const linksOf = (nodes: readonly NodeId[]): Links =>
  nodes.flatMap((node) => [[node, '*'] as const, ['*', node] as const]);
