// `stormglass/vitest`: matchers for vitest's `expect`. Importing it adds them.
import { expect } from 'vitest';
import type { Scenario, ScenarioInput } from '../scenario/scenario.js';
import { divergenceOf } from './replay.js';
import {
  complaint,
  isViolatedBy,
  objections,
  type Subject,
  type Tries,
  tryAll,
} from './verdict.js';

export { scenarioFile, seeds } from './testing.js';

interface Matched {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The matchers, for those who extend an `expect` of their own. */
export const matchers = {
  /** Every run is as its scenario expects. */
  toHold(received: Subject, tries: Tries = {}): Matched {
    const outcome = tryAll(received, tries);
    const about = complaint(outcome, 'expect(scenario).toHold(');
    const count = outcome.tried.length;
    return {
      pass: about === undefined,
      message: () => (about === undefined ? `all of ${count} runs hold` : `${about})`),
    };
  },
  /** A judge objects in one of the runs: any, or the one that is named. */
  toViolate(received: Subject, name?: string, tries: Tries = {}): Matched {
    const violates = (run: Parameters<typeof isViolatedBy>[0]) => isViolatedBy(run, name);
    const { tried, again } = tryAll(received, tries, violates);
    const found = tried.find(({ run }) => violates(run))?.run;
    const what = name === undefined ? 'is violated' : `violates ${name}`;
    const message = (): string => {
      if (found === undefined) return `no run of ${tried.length} ${what}`;
      const said = objections(found).join('\n  ');
      return `seed ${found.seed} ${what}:\n  ${said}\n  to have it again: ${again(found.seed)}`;
    };
    return { pass: found !== undefined, message };
  },
  /** Two runs of one seed are the same to the last event, every handler run twice. */
  toReplayIdentically(
    received: Scenario | ScenarioInput,
    { seed }: Pick<Tries, 'seed'> = {},
  ): Matched {
    const divergence = divergenceOf(received, seed);
    const message = () =>
      divergence === undefined
        ? 'two runs of one seed are the same'
        : `two runs of one seed differ: ${divergence}`;
    return { pass: divergence === undefined, message };
  },
};

expect.extend(matchers);

interface StormglassMatchers<R = unknown> {
  /** Every run is as its scenario expects. */
  toHold(tries?: Tries): R;
  /** A judge objects in one of the runs: any, or the one that is named. */
  toViolate(name?: string, tries?: Tries): R;
  /** Two runs of one seed are the same to the last event. */
  toReplayIdentically(tries?: Pick<Tries, 'seed'>): R;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the parameter is vitest's.
  interface Matchers<T = any> extends StormglassMatchers<T> {}
}
