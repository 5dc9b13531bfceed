// Topologies that scenarios call by name. Source: Hailstorm's slides for word count and trending
// hashtags.
import type { TopologySpec } from './plan.js';

const wordCount: TopologySpec = [
  { name: 'log', do: 'read' },
  { name: 'split', do: 'words', from: ['log'], parallelism: 2 },
  { name: 'count', do: 'count', from: ['split'], parallelism: 2 },
  { name: 'out', do: 'write', from: ['count'] },
];

const trending: TopologySpec = [
  { name: 'log', do: 'read' },
  { name: 'tags', do: 'hashtags', from: ['log'], parallelism: 2 },
  { name: 'count', do: 'count', from: ['tags'], parallelism: 2 },
  { name: 'rank', do: 'rank', from: ['count'], parallelism: 2 },
  { name: 'out', do: 'write', from: ['rank'] },
];

const windowed: TopologySpec = [
  { name: 'log', do: 'read' },
  { name: 'assign', do: 'windows', from: ['log'], parallelism: 2 },
  { name: 'count', do: 'count', from: ['assign'], parallelism: 2 },
  { name: 'out', do: 'write', from: ['count'] },
];

/** Two ways from the log to the same state. */
const diamond: TopologySpec = [
  { name: 'log', do: 'read' },
  { name: 'split', do: 'words', from: ['log'], parallelism: 2 },
  { name: 'count', do: 'count', from: ['split'] },
  { name: 'letters', do: 'letters', from: ['split'], parallelism: 2 },
  { name: 'both', do: 'count', from: ['count', 'letters'], parallelism: 2 },
  { name: 'out', do: 'write', from: ['both'] },
];

/** No flat-map: a record is a word, counted at once. */
const words: TopologySpec = [
  { name: 'log', do: 'read' },
  { name: 'count', do: 'count', from: ['log'], parallelism: 2 },
  { name: 'out', do: 'write', from: ['count'] },
];

/** What is shown depends on chance: nothing is the same when it is done again. */
const dealt: TopologySpec = [
  { name: 'log', do: 'read' },
  { name: 'deal', do: 'deal', from: ['log'], parallelism: 2 },
  { name: 'out', do: 'write', from: ['deal'], parallelism: 2 },
];

export const topologies: ReadonlyMap<string, TopologySpec> = new Map([
  ['word-count', wordCount],
  ['trending', trending],
  ['windowed', windowed],
  ['diamond', diamond],
  ['words', words],
  ['dealt', dealt],
]);

/** A topology as an option gives it: by its name, or as it is. */
export function topologyOf(given: unknown): unknown {
  return typeof given === 'string' ? (topologies.get(given) ?? given) : given;
}
