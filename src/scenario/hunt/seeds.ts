// Which seed a run with a number has: counting up from a number, or with a number after any text.

/** The seed with this number, from 0, where the first one is `base`. */
export function seedAt(base: string, index: number): string {
  if (index === 0) return base;
  return /^\d{1,15}$/.test(base) ? String(Number(base) + index) : `${base}-${index + 1}`;
}
