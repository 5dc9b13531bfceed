// A scenario on its way to becoming smaller. Whatever is tried is run and judged; it is taken over
// if it still shows the same failure, so what is held at any moment shows it.
import type { Failure } from '../failure.js';
import { shows } from '../failure.js';
import { advance, begin, finish } from '../run.js';
import type { Scenario } from '../scenario.js';
import type { ScenarioFile } from '../schema.js';
import { UsageError } from '../usage-error.js';
import { variantsOf } from '../variant.js';

/** Events between two looks at the world outside. */
const sliceEvents = 1_024;

export class Shrinking {
  /** The smallest so far. It shows the failure. */
  file: ScenarioFile;
  /** Runs so far. */
  runs = 0;
  /** What all that is held shows. */
  readonly failure: Failure;
  readonly #variantOf: (file: ScenarioFile) => Scenario;
  /** What runs longer is not what is looked for: without its faults a run may never settle. */
  readonly #eventsMax: number;
  /** What has been tried, and whether it showed the failure. */
  readonly #tried = new Map<string, boolean>();

  constructor(original: Scenario, file: ScenarioFile, failure: Failure, eventsMax: number) {
    this.file = file;
    this.failure = failure;
    this.#variantOf = variantsOf(original);
    this.#eventsMax = eventsMax;
  }

  /** Takes `file` over if it shows the failure; yields while it runs. */
  *take(file: ScenarioFile): Generator<void, boolean> {
    const text = JSON.stringify(file);
    if (text === JSON.stringify(this.file)) return true;
    const fails = this.#tried.get(text) ?? (yield* this.fails(file));
    this.#tried.set(text, fails);
    if (fails) this.file = file;
    return fails;
  }

  /** Whether a run of `file` shows the failure. What does not fit together shows none. */
  *fails(file: ScenarioFile): Generator<void, boolean> {
    yield;
    this.runs++;
    try {
      const running = begin(this.#variantOf(file));
      while (advance(running, sliceEvents)) {
        if (running.world.events > this.#eventsMax) return false;
        yield;
      }
      return shows(finish(running), this.failure);
    } catch (error) {
      if (error instanceof UsageError) return false;
      throw error;
    }
  }
}
