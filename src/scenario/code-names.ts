// Which code a scenario names, so that it can be loaded before the scenario is read.
import type { CodeKind } from './catalogue.js';
import type { Path } from './usage-error.js';

/** A name of code, or the path of a user's module. */
interface CodeName {
  readonly kind: CodeKind;
  readonly name: string;
  readonly at: Path;
}

/** The code that a scenario names, whether or not the rest of it is sound. */
export function codeNames(value: unknown): readonly CodeName[] {
  if (typeof value !== 'object' || value === null) return [];
  const record = value as Readonly<Record<string, unknown>>;
  const { protocol, services, workload, checkers, properties } = record;
  return [
    ...named('protocol', protocol, ['protocol']),
    ...listOf(services).flatMap((entry, index) => {
      const service = (entry as { readonly service?: unknown } | null)?.service;
      if (service === undefined) return named('service', entry, ['services', index]);
      return named('service', service, ['services', index, 'service']);
    }),
    ...named('workload', workload, ['workload']),
    ...listOf(checkers).flatMap((checker, index) => named('checker', checker, ['checkers', index])),
    ...listOf(properties).flatMap((name, index) => named('property', name, ['properties', index])),
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function named(kind: CodeKind, value: unknown, at: Path): readonly CodeName[] {
  if (typeof value === 'string') return [{ kind, name: value, at }];
  const name = (value as { readonly name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' ? [{ kind, name, at: [...at, 'name'] }] : [];
}
