// Which host a test has: what it runs decides, and `--host` where there is a choice.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { loadModules } from '../files/modules.js';
import { fileError } from '../files/text-file.js';
import type { Modules } from '../scenario/catalogue.js';
import { quoted } from '../scenario/problems.js';
import { UsageError, usageError } from '../scenario/usage-error.js';
import { type Host, simulatedPromise, standIn } from './host.js';
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
  assertProgram(bin);
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
  return { kind: 'in-process', label: bin, promise: simulatedPromise, protocol, ear };
}

function pipeHost(bin: string, args: readonly string[]): Host {
  return { kind: 'pipe', label: bin, promise: '', protocol: standIn(bin), bin, args };
}

function assertProgram(bin: string): void {
  const stat = statSync(bin, { throwIfNoEntry: false });
  if (stat?.isFile() === true) return;
  if (stat !== undefined) {
    throw usageError(`--bin ${quoted(bin)} is no file`, { expected: 'a program' });
  }
  const hint = 'It is a path, such as ./echo.js; programs are not looked for in PATH.';
  throw usageError(`there is no program ${quoted(bin)}`, { hint });
}

/** By its name, or by the first line of a script. */
function isJavaScript(bin: string): boolean {
  return /\.[cm]?[jt]s$/.test(bin) || /^#!.*\b(node|nodejs)\b/.test(firstLine(bin));
}

const firstBytes = 200;

function firstLine(bin: string): string {
  try {
    const file = openSync(bin, 'r');
    try {
      const bytes = Buffer.alloc(firstBytes);
      const count = readSync(file, bytes);
      return bytes.subarray(0, count).toString('latin1').split('\n')[0] ?? '';
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw fileError(error, bin, `cannot read the program ${bin}`);
  }
}
