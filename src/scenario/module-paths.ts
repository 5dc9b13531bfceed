// Which users' modules a scenario names, so that they can be loaded before it is read.
import type { Path } from './usage-error.js';

/** Paths of users' modules that a scenario names, whether or not the rest of it is sound. */
export function modulePaths(
  value: unknown,
): readonly { readonly name: string; readonly at: Path }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { protocol, services, workload, checkers } = value as Readonly<Record<string, unknown>>;
  const list = Array.isArray(checkers) ? checkers : [];
  const served = Array.isArray(services) ? services : [];
  return [
    ...namesIn(protocol, ['protocol']),
    ...served.flatMap((entry: unknown, index) => {
      const service = (entry as { readonly service?: unknown } | null)?.service;
      return namesIn(service, ['services', index, 'service']);
    }),
    ...namesIn(workload, ['workload']),
    ...list.flatMap((checker: unknown, index) => namesIn(checker, ['checkers', index])),
  ];
}

function namesIn(value: unknown, at: Path): { readonly name: string; readonly at: Path }[] {
  if (typeof value === 'string') return [{ name: value, at }];
  const name = (value as { readonly name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' ? [{ name, at: [...at, 'name'] }] : [];
}
