// `npm run figures`: what papers and manuals print, and what the protocols here come to, with how
// far apart they may be and how many seeds were taken. Exits 1 if anything is further apart.
import { rows as broadcastRows } from './published/broadcast.js';
import { rows as electionRows } from './published/elections.js';
import { rows as epidemicRows } from './published/epidemics.js';
import { rows as membershipRows } from './published/membership.js';
import type { Row } from './published/row.js';

const columns = ['published', 'here', 'apart', 'allowed', 'seeds'] as const;
const nameWidth = 58;

function print(name: string, cells: readonly string[]): void {
  const shown = cells.map((cell, index) => cell.padStart(index === 4 ? 6 : 11));
  process.stdout.write(`${name.padEnd(nameWidth)}${shown.join('')}\n`);
}

function show({ name, published, here, allowed, seeds }: Row): boolean {
  const apart = Math.abs(here - published);
  const inPercent = allowed.endsWith('%');
  const limit = Number.parseFloat(allowed);
  const found = inPercent ? (100 * apart) / published : apart;
  const within = allowed === 'at least' ? here >= published : found <= limit;
  const distance = allowed === 'at least' ? '' : `${found.toFixed(inPercent ? 1 : 3)}`;
  print(name, [digits(published), digits(here), distance, allowed, String(seeds)]);
  return within;
}

const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toPrecision(2);

let failures = 0;
for (const [title, rows] of [
  ['Epidemic algorithms (Demers et al. 1987), n = 1,000', epidemicRows],
  ['Membership', membershipRows],
  ['Elections of Raft (Ongaro 2014, §9.3 and §9.5), 5 servers', electionRows],
  ['Broadcast, Maelstrom (doc/03-broadcast), 25 nodes, 100 ms a hop', broadcastRows],
] as const) {
  print(title, columns);
  for (const row of rows()) if (!show(row)) failures += 1;
  process.stdout.write('\n');
}
process.stdout.write(failures === 0 ? 'all as published\n' : `${failures} too far apart\n`);
process.exitCode = failures === 0 ? 0 : 1;
