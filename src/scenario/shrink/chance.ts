// What chance does to messages, told one by one: losses and duplicates by the network become edits
// of single messages, so that those which do not matter can be left out like anything else.
import { formatDuration } from '../../kernel/time.js';
import { createWorld } from '../../sim/create.js';
import { advance } from '../../sim/loop.js';
import { resolve } from '../resolve.js';
import { sliceEvents } from '../run.js';
import type { Scenario } from '../scenario.js';
import type { EditFile, ScenarioFile } from '../schema.js';
import type { Shrinking } from './shrinking.js';

/** More than this cannot be shrunk in any reasonable time. */
const editsMax = 2_000;

/** Takes chance out of the network, whole or by telling what it does. */
export function* tameNetwork(
  shrinking: Shrinking,
  variantOf: (file: ScenarioFile) => Scenario,
): Generator<void, void> {
  for (const field of ['loss', 'duplicate', 'reorder', 'reorder-window', 'bandwidth', 'links']) {
    yield* shrinking.take(withoutField(shrinking.file, field));
  }
  yield* shrinking.take(withoutField(shrinking.file, 'clients'));
  yield* shrinking.take(withoutField(shrinking.file, 'transport'));
  const { network } = shrinking.file;
  if (network?.loss === undefined && network?.duplicate === undefined) return;
  const told = toldOf(variantOf(shrinking.file));
  if (told.length > editsMax) return;
  const { loss: _, duplicate: __, ...rest } = network;
  const edits = [...(shrinking.file.edits ?? []), ...told];
  yield* shrinking.take({ ...shrinking.file, network: rest, edits });
}

function withoutField(file: ScenarioFile, field: string): ScenarioFile {
  if (file.network === undefined || !(field in file.network)) return file;
  const left = Object.entries(file.network).filter(([name]) => name !== field);
  const { network: _, ...rest } = file;
  return left.length === 0 ? rest : { ...rest, network: Object.fromEntries(left) };
}

/** Every message that a run lost by chance or had twice. */
function toldOf(scenario: Scenario): readonly EditFile[] {
  const world = createWorld(resolve(scenario, { seed: scenario.seed, edits: [], strict: false }));
  const twice = new Set<string>();
  const arrived = new Map<string, number>();
  const edits: EditFile[] = [];
  world.observer = ({ atUs, key, happening, effects }) => {
    for (const row of effects) {
      if (row.effect !== 'send') continue;
      if (row.fate.fate === 'lost' && row.fate.why === 'lost by chance') {
        edits.push({ edit: 'drop', message: row.key });
      }
      if (row.fate.fate === 'sent' && row.fate.copies > 1) twice.add(row.key);
    }
    if (!twice.has(key) || (happening.kind !== 'deliver' && happening.kind !== 'lost')) return;
    const firstUs = arrived.get(key);
    if (firstUs === undefined) arrived.set(key, atUs);
    else edits.push({ edit: 'duplicate', message: key, after: formatDuration(atUs - firstUs) });
  };
  while (advance(world, sliceEvents));
  return edits;
}
