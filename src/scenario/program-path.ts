// Which program a scenario names for its nodes, so that it can be hosted before the scenario is
// read.
import type { Path } from './usage-error.js';

/** A program that a scenario names for its nodes, whether or not the rest of it is sound. */
interface ProgramPath {
  readonly program: string;
  readonly args: readonly string[];
  readonly host: 'auto' | 'in-process' | 'pipe';
  readonly at: Path;
}

export function programPath(value: unknown): ProgramPath | undefined {
  const { protocol } = (value ?? {}) as { readonly protocol?: unknown };
  if (typeof protocol !== 'object' || protocol === null) return undefined;
  const { program, args = [], host = 'auto' } = protocol as Readonly<Record<string, unknown>>;
  const soundHost = host === 'auto' || host === 'in-process' || host === 'pipe';
  if (typeof program !== 'string' || !soundHost || !Array.isArray(args)) return undefined;
  return { program, args: args.map(String), host, at: ['protocol', 'program'] };
}

/** Under what a scenario's program stands among its modules. */
export function programKey(program: string): string {
  return `program ${program}`;
}
