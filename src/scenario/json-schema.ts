// The JSON Schema of scenario files, draft-07, for editors: made of the zod schema, with the names
// that exist and the defaults that apply.
import * as z from 'zod/mini';
import { formatDuration } from '../kernel/time.js';
import { shapes } from '../nemesis/shapes.js';
import { targets } from '../nemesis/targets.js';
import { templates } from '../nemesis/templates.js';
import { builtInCheckers } from './check.js';
import { registries } from './registries.js';
import { defaults } from './scenario.js';
import { scenarioSchema } from './schema.js';
import { formatShare } from './units.js';

type Json = { [key: string]: unknown };

/** The schema as plain data. */
export function scenarioJsonSchema(): Json {
  const schema = z.toJSONSchema(scenarioSchema, { target: 'draft-07', io: 'input' }) as Json;
  addNames(schema);
  addDefaults(schema);
  return {
    $schema: schema.$schema,
    title: 'Stormglass scenario, version 1',
    description: 'What a run of the simulator is made from. Durations are 250ms, 2s, 1m.',
    ...schema,
  };
}

/** Names are suggested, not prescribed: a path to a module may stand for each. */
function addNames(schema: Json): void {
  const { protocol, workload, checker } = registries;
  const checkers = [...checker.keys()];
  suggest(at(schema, 'properties', 'protocol'), [...protocol.keys()]);
  suggest(at(schema, 'properties', 'workload'), [...workload.keys()]);
  suggest(at(schema, 'properties', 'checkers', 'items'), checkers);
  suggest(at(schema, 'properties', 'expect'), ['valid', ...checkers, ...builtInCheckers]);
  walk(schema, (name, inner) => {
    if (name === 'shape' && inner.const === undefined) suggest(inner, [...shapes.keys()]);
    if (name === 'shapes') suggest(at(inner, 'items'), [...shapes.keys()]);
    if (name === 'targets') suggest(at(inner, 'items'), [...targets.keys()]);
    if (name === 'faults' && at(inner, 'items')?.type === 'string') {
      suggest(at(inner, 'items'), [...templates.keys()]);
    }
  });
}

/** Offers names for a text, or for the text among its variants and their `name`. */
function suggest(schema: Json | undefined, names: readonly string[]): void {
  if (schema === undefined) return;
  if (schema.type === 'string' && schema.const === undefined) schema.examples = names;
  for (const variant of (schema.anyOf as Json[] | undefined) ?? []) {
    suggest(variant, names);
    suggest(at(variant, 'properties', 'name') ?? at(variant, 'properties', 'object'), names);
  }
}

function addDefaults(schema: Json): void {
  const { latency, limits, shares } = defaults;
  const values: readonly (readonly [path: string, value: unknown])[] = [
    ['seed', defaults.seed],
    ['workload.rate', defaults.ratePerSecond],
    ['workload.timeout', formatDuration(defaults.timeoutUs)],
    ['network.latency', latencyText(latency)],
    ['network.loss', formatShare(shares.lossPpm)],
    ['network.duplicate', formatShare(shares.duplicatePpm)],
    ['network.reorder', formatShare(shares.reorderPpm)],
    ['network.reorder-window', formatDuration(defaults.reorderWindowUs)],
    ['network.transport', defaults.transport],
    ['network.clients', defaults.clients],
    ['disk.sync', formatDuration(defaults.syncUs)],
    ['duration', formatDuration(defaults.durationUs)],
    ['recovery', formatDuration(defaults.recoveryUs)],
    ['limits.events', limits.eventsMax],
    ['limits.pending', limits.pendingMax],
  ];
  for (const [path, value] of values) {
    const target = path.split('.').reduce<Json | undefined>(property, schema);
    if (target !== undefined) target.default = value;
  }
}

function latencyText(latency: typeof defaults.latency): unknown {
  const entries = Object.entries(latency).map(([name, value]) =>
    typeof value === 'number' ? [name.replace(/Us$/, ''), formatDuration(value)] : [name, value],
  );
  return Object.fromEntries(entries);
}

function property(schema: Json | undefined, name: string): Json | undefined {
  const variants = [schema, ...((schema?.anyOf as Json[] | undefined) ?? [])];
  return variants.map((variant) => at(variant, 'properties', name)).find((found) => found);
}

function at(schema: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((inner, key) => inner?.[key] as Json | undefined, schema);
}

/** Calls `visit` for every property anywhere in the schema. */
function walk(schema: unknown, visit: (name: string, inner: Json) => void): void {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, inner] of Object.entries(schema)) {
    if (key === 'properties') {
      for (const [name, property] of Object.entries(inner as Json)) visit(name, property as Json);
    }
    walk(inner, visit);
  }
}
