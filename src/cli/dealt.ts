// Dealing work out to threads.

/** The share of each piece of work: each goes to who has least to do so far. */
export function dealt(sizes: Int32Array, shares: number): Int32Array {
  const loads = new Float64Array(shares);
  return Int32Array.from(sizes, (size) => {
    let least = 0;
    for (let share = 1; share < shares; share++) {
      if ((loads[share] as number) < (loads[least] as number)) least = share;
    }
    loads[least] = (loads[least] as number) + size;
    return least;
  });
}
