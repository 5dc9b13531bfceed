// A log with vector clocks, as ShiViz reads it with its default expression:
// `(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`. Source: Beschastnikh et al. 2016, "Debugging
// distributed systems"; Mattern 1989 for the clocks.
import type { Step } from '../../sim/step.js';
import type { Export, Stretch } from './export.js';

export const shiviz: Export = {
  extension: '.log',
  about: 'a log with vector clocks for ShiViz',
  eventsMax: 20_000,
  write,
};

type Clock = ReadonlyMap<string, number>;

function write({ track, from, to }: Stretch): string {
  const lines: string[] = [];
  const own = new Map<string, Clock>();
  const after = new Map<number, Clock>();
  for (let event = from; event < to; event++) {
    const row = track.rows.at(event);
    if (row === undefined) continue;
    const { step, label } = row;
    const host = hostOf(step, row.ops[0]?.process);
    if (host === undefined) continue;
    const merged = new Map(own.get(host));
    if ('message' in step.happening || step.happening.kind === 'timer') {
      for (const [name, count] of after.get(step.cause) ?? []) {
        if (count > (merged.get(name) ?? 0)) merged.set(name, count);
      }
    }
    merged.set(host, (merged.get(host) ?? 0) + 1);
    own.set(host, merged);
    after.set(event, merged);
    lines.push(`${label} #${event}`, `${host} ${JSON.stringify(Object.fromEntries(merged))}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Where an event happened; a lost message happened nowhere. */
function hostOf({ happening }: Step, process: number | 'nemesis' | undefined): string | undefined {
  if (happening.kind === 'lost' || happening.kind === 'held') return undefined;
  if ('node' in happening) return happening.node;
  return process === undefined ? undefined : `c${process}`;
}
