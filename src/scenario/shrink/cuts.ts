// Messages that edits drop one by one become a link that is cut for a while: one fault instead of
// many edits. It drops more than they did, so each is run.
import { hex64 } from '../../kernel/mix.js';
import { formatDuration } from '../../kernel/time.js';
import { advance, begin, sliceEvents } from '../run.js';
import type { Scenario } from '../scenario.js';
import type { EditFile, ScenarioFile } from '../schema.js';
import type { FaultEntryFile } from '../schema-faults.js';
import { withEdits, withFaults } from './parts.js';
import type { Shrinking } from './shrinking.js';

type VariantOf = (file: ScenarioFile) => Scenario;

/** A message that an edit drops. */
interface Drop {
  readonly edit: EditFile;
  readonly link: readonly [from: string, to: string];
  readonly atUs: number;
}

/** Messages that are dropped one by one become links that are cut while they are sent. */
export function* cutLinks(shrinking: Shrinking, variantOf: VariantOf): Generator<void, void> {
  const drops = dropsIn(shrinking.file, variantOf);
  const wholes = [drops, ...groups(drops, ({ link: [, to] }) => to)];
  const parts = groups(drops, ({ link: [from, to] }) => `${from} ${to}`);
  for (const whole of [...wholes, ...parts]) {
    const edits = new Set(dropsLeft(shrinking.file));
    yield* cutOnce(
      shrinking,
      whole.filter(({ edit }) => edits.has(edit)),
    );
  }
}

/** One cut for all of them; or one for the earlier half, and one for the later. */
function* cutOnce(shrinking: Shrinking, drops: readonly Drop[]): Generator<void, void> {
  const [first, last] = [drops[0], drops[drops.length - 1]];
  if (first === undefined || last === undefined || drops.length < 2) return;
  const gone = new Set(drops.map(({ edit }) => edit));
  const { file } = shrinking;
  const links = new Map(drops.map(({ link }) => [link.join(' '), [...link] as [string, string]]));
  const cut: FaultEntryFile = {
    at: formatDuration(first.atUs),
    for: formatDuration(last.atUs - first.atUs + 1),
    fault: 'cut',
    links: [...links.values()],
  };
  const left = withEdits(
    file,
    (file.edits ?? []).filter((edit) => !gone.has(edit)),
  );
  if (yield* shrinking.take(withFaults(left, [...(file.faults ?? []), cut]))) return;
  const half = drops.length >>> 1;
  yield* cutOnce(shrinking, drops.slice(0, half));
  yield* cutOnce(shrinking, drops.slice(half));
}

function dropsLeft({ edits = [] }: ScenarioFile): readonly EditFile[] {
  return edits.filter(({ edit }) => edit === 'drop');
}

/** In the order in which the messages are sent. Costs one run. */
function dropsIn(file: ScenarioFile, variantOf: VariantOf): readonly Drop[] {
  const edits = new Map(
    dropsLeft(file).map((edit) => [edit.edit === 'drop' ? edit.message : '', edit]),
  );
  if (edits.size < 2) return [];
  const drops: Drop[] = [];
  const scenario = variantOf(file);
  const running = begin(scenario, scenario.seed, [], {
    journal: {
      sent({ hi, lo, src, dest, atUs }) {
        const edit = edits.get(hex64(hi, lo));
        if (edit !== undefined) drops.push({ edit, link: [src, dest], atUs });
      },
      arrived() {},
      logged() {},
    },
  });
  while (advance(running, sliceEvents));
  return drops;
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const group = found.get(keyOf(item));
    if (group === undefined) found.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...found.values()];
}
