// Which host a test has: what it runs decides, and `--host` where there is a choice.
import { loadModules } from '../files/modules.js';
import type { Modules } from '../scenario/catalogue.js';
import { UsageError, usageError } from '../scenario/usage-error.js';
import { type SimulatedHost, simulatedPromise } from './host.js';
import type { TestOptions } from './test-options.js';

/** A host with what is needed to make a scenario for it. */
export interface Hosted {
  readonly host: SimulatedHost;
  /** Modules that the scenario names by path. */
  readonly modules: Modules;
}

/** The host for what is tested. Throws a UsageError if it cannot be hosted. */
export async function hostOf({ subject }: TestOptions): Promise<Hosted> {
  if (subject.kind === 'program') throw usageError('programs cannot be hosted');
  return protocolHost(subject.name);
}

/** A protocol of ours, or one that a user's module exports. */
async function protocolHost(name: string): Promise<Hosted> {
  const { modules, problems } = await loadModules({ protocol: name }, 'here');
  const [first, ...others] = problems;
  if (first !== undefined) throw new UsageError([first, ...others]);
  return {
    host: { kind: 'protocol', label: name, promise: simulatedPromise, protocol: name },
    modules,
  };
}
