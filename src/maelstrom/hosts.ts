// Which host a test has: what it runs decides, and `--host` where there is a choice.
import { loadModules } from '../files/modules.js';
import type { Modules } from '../scenario/catalogue.js';
import { UsageError } from '../scenario/usage-error.js';
import { type Host, simulatedPromise, standIn } from './host.js';
import { assertProgram, isJavaScript } from './program-kind.js';
import type { Ear } from './realm-hearing.js';
import type { TestOptions } from './test-options.js';

/** A host with what is needed to make a scenario for it. */
interface Hosted {
  readonly host: Host;
  /** Modules that the scenario names by path. */
  readonly modules: Modules;
}

/** The host for what is tested. Throws a UsageError if it cannot be hosted. */
export async function hostOf({ subject, host }: TestOptions): Promise<Hosted> {
  if (subject.kind === 'protocol') return protocolHost(subject.name);
  const { bin, args } = subject;
  assertProgram(bin, '--bin');
  const inProcess = host === 'in-process' || (host === 'auto' && isJavaScript(bin));
  const hosted = inProcess ? await realmHost(bin, args) : pipeHost(bin, args);
  return { host: hosted, modules: new Map() };
}

/** A protocol of ours, or one that a user's module exports. */
async function protocolHost(name: string): Promise<Hosted> {
  const { modules, problems } = await loadModules({ protocol: name }, 'here');
  const [first, ...others] = problems;
  if (first !== undefined) throw new UsageError([first, ...others]);
  const host = {
    kind: 'protocol',
    label: name,
    promise: simulatedPromise,
    protocol: name,
  } as const;
  return { host, modules };
}

/** Throws a UsageError if the program does not compile. */
async function realmHost(bin: string, args: readonly string[]): Promise<Host> {
  const { hostedJavaScript } = await import('./realm/hosted-javascript.js');
  const ear: Ear = { hearing: undefined };
  const protocol = hostedJavaScript(bin, args, { log: (entry) => ear.hearing?.entry(entry) });
  return { kind: 'in-process', label: bin, promise: simulatedPromise, protocol, bin, args, ear };
}

function pipeHost(bin: string, args: readonly string[]): Host {
  return { kind: 'pipe', label: bin, promise: '', protocol: standIn(bin), bin, args };
}
