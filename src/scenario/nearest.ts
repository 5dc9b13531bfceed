// The known name that a misspelt one is nearest to. It knows names only, not what they name.

/**
 * The name of `names` with the fewest edits (insert, delete, replace, swap neighbours) from
 * `found`; `undefined` when the nearest is too far to be a likely slip. The first of equals wins.
 */
export function nearest(found: string, names: readonly string[]): string | undefined {
  if (found.length < 3 || found.length > 60) return undefined;
  const editsMax = Math.max(1, Math.floor(found.length * 0.4));
  let best: string | undefined;
  let fewest = editsMax + 1;
  for (const name of names) {
    const count = distance(found.toLowerCase(), name.toLowerCase());
    if (count < fewest) [best, fewest] = [name, count];
  }
  return best ?? names.find((name) => found.length > 2 && tailOf(name) === found.toLowerCase());
}

/** `flood` is all that many remember of `broadcast/flood`. */
function tailOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).toLowerCase();
}

/** Damerau's distance with adjacent swaps (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const replace = (last[j - 1] ?? 0) + (same ? 0 : 1);
      const cost = Math.min(replace, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      row.push(swapped ? Math.min(cost, (before[j - 2] ?? 0) + 1) : cost);
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
