// A fault on one line, as people say it.
import type { FaultLine } from './report.js';

/** Names listed before they are only counted. */
const namesMax = 6;

/** `partition n0 n1 | n2`, `crash n1, unsynced writes lost: all`, `loss n0→*, 20%`. */
export function faultText({ fault, ...fields }: FaultLine['fault']): string {
  const entries = Object.entries(fields);
  const isWhom = ([name]: readonly [string, unknown]): boolean => whom.has(name);
  const textOf = ([name, value]: readonly [string, unknown]): readonly string[] => {
    const text = fieldText(name, value);
    return text === undefined ? [] : [text];
  };
  const head = [fault, ...entries.filter(isWhom).flatMap(textOf)].join(' ');
  return [head, ...entries.filter((entry) => !isWhom(entry)).flatMap(textOf)].join(', ');
}

/** Fields that say whom a fault strikes; they come first. */
const whom: ReadonlySet<string> = new Set(['nodes', 'components', 'links']);

function fieldText(name: string, value: unknown): string | undefined {
  switch (name) {
    case 'nodes':
      return namesText(value as readonly string[], ' ');
    case 'components':
      return (value as readonly (readonly string[])[])
        .map((component) => namesText(component, ' '))
        .join(' | ');
    case 'links':
      return linksText(value as readonly (readonly [string, string])[]);
    case 'mode':
      return value === 'hold' ? 'messages held' : undefined;
    case 'lost':
      return value === 'none' ? undefined : `unsynced writes lost: ${String(value)}`;
    case 'probability':
    case 'drift':
      return String(value);
    case 'extra':
      return value === '0s' ? undefined : `plus ${String(value)}`;
    case 'factor':
      return `×${String(value)}`;
    default:
      return `${name} ${String(value)}`;
  }
}

function namesText(names: readonly string[], separator: string): string {
  return names.length <= namesMax ? names.join(separator) : `${names.length} nodes`;
}

function linksText(links: readonly (readonly [string, string])[]): string | undefined {
  if (links.length === 1 && links[0]?.every((end) => end === '*') === true) return undefined;
  if (links.length > namesMax) return `${links.length} links`;
  return links.map(([from, to]) => `${from}→${to}`).join(' ');
}
