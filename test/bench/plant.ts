// Makes a planted failure of a mutant for `npm run bench:inevitable -- --plant NAME`: the first run
// in the mutant's storm that can be made small and yet seldom fails, with the events that are its
// mistake and its trigger. The network keeps its chance, which shrinking would take away.
import { readdirSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { type Failure, failureName, failuresOf, shows } from '../../src/scenario/failure.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import type { ScenarioFile } from '../../src/scenario/schema.js';
import { freeze } from '../../src/scenario/shrink/freeze.js';
import { cutShort, fewerClients, fewerNodes, leaveOut } from '../../src/scenario/shrink/parts.js';
import { Shrinking } from '../../src/scenario/shrink/shrinking.js';
import { inOrder, plainNames } from '../../src/scenario/shrink/simplify.js';
import { simulate } from '../../src/scenario/simulate.js';
import { variantsOf } from '../../src/scenario/variant.js';
import { extendTrack, openTrack, type Track } from '../../src/scenario/walk.js';
import { huntedIn, type Mutant } from '../support/mutants.js';
import {
  causeAmong,
  mistakesIn,
  othersFailing,
  othersFailingMax,
  othersMax,
  type Planted,
  pairOf,
  triggerIn,
} from '../support/planted.js';

/** Runs in the storm, failing ones that are shrunk, and rounds of shrinking one. */
const seedsMax = 200;
const triesMax = 6;
const roundsMax = 6;

/** Small, and failing at its own seed; what fails at many others is no smaller. */
class Seldom extends Shrinking {
  readonly #variantOf: (file: ScenarioFile) => Scenario;
  readonly #failure: Failure;
  others = othersMax;

  constructor(original: Scenario, file: ScenarioFile, failure: Failure) {
    super(original, file, failure, 20_000);
    this.#variantOf = variantsOf(original);
    this.#failure = failure;
  }

  override *fails(file: ScenarioFile): Generator<void, boolean> {
    if (!(yield* super.fails(file))) return false;
    const most = Math.max(othersFailingMax, this.others);
    const others = othersFailing(this.#variantOf(file), this.#failure, most);
    if (others <= most) this.others = others;
    return others <= most;
  }
}

/** Writes the file, unless it is there; says what came of it. */
export async function plant(mutant: Mutant, folder: string): Promise<string> {
  if (readdirSync(folder).includes(`${mutant.name}.yaml`)) return 'is there';
  const scenario = scenarioOf(await huntedIn(mutant));
  for (let [nth, tries] = [0, 0]; nth < seedsMax && tries < triesMax; nth++) {
    const seed = `plant-${nth}`;
    const failure = failuresOf(simulate(scenario, seed)).find(({ judge, kind }) =>
      mutant.objects.some((name) => name === judge || name === `${judge}/${kind}`),
    );
    if (failure === undefined) continue;
    tries++;
    const small = new Seldom(scenario, { ...scenario.file, seed }, failure);
    driven(small.take(freeze(scenario, seed, [])));
    for (let round = 0, before = ''; round < roundsMax; round++) {
      before = JSON.stringify(small.file);
      for (const part of [cutShort, leaveOut, fewerNodes, fewerClients, plainNames, inOrder]) {
        driven(part(small));
      }
      if (JSON.stringify(small.file) === before) break;
    }
    if (small.others > othersFailingMax) continue;
    return written(mutant, small, failureName(failure), folder);
  }
  return 'seldom fails in no run that was tried';
}

function driven(work: Generator<void, unknown>): void {
  while (work.next().done !== true);
}

async function written(
  mutant: Mutant,
  { file, others }: Seldom,
  failure: string,
  folder: string,
): Promise<string> {
  const { protocol: _, version: __, ...scenario } = file;
  const failing = { mutant, failure, others, scenario } as unknown as Planted;
  const pair = await pairOf(failing);
  const track = openTrack(pair.broken, pair.seed);
  while (extendTrack(track, 8_192));
  if (shows(simulate(pair.right), pair.failure)) return 'its original fails, too';
  const cause = causeAmong(mistakesIn(track, pair));
  if (cause === undefined) return 'has no single cause';
  const shown = track.violations.find(
    ({ checker, kind }) => checker === pair.failure.judge && kind === pair.failure.kind,
  );
  const trigger = triggerIn(track, Math.max(cause, shown?.event ?? 0), pair);
  const named = (event: number) => ({ event, what: saidOf(track, event) });
  const told = {
    failure,
    mistake: named(cause),
    ...(trigger !== undefined && { trigger: named(trigger) }),
    ...{ others, scenario },
  };
  writeFileSync(`${folder}/${mutant.name}.yaml`, stringify(told, { lineWidth: 100 }));
  return `planted: ${track.timeline.length} events`;
}

/** Whose event it is, and what the diagram says of it. */
function saidOf({ rows }: Track, event: number): string {
  const row = rows.at(event);
  const happening = row?.step.happening;
  const whose = happening !== undefined && 'node' in happening ? `${happening.node}: ` : '';
  return `${whose}${row?.label ?? ''} ${row?.detail ?? ''}`.trim();
}
