// One figure: what is published, what was found here, and how far apart they may be.

export interface Row {
  readonly name: string;
  readonly published: number;
  readonly here: number;
  /** `5 %`, an absolute distance, or `at least`. */
  readonly allowed: string;
  readonly seeds: number;
}

/** `count` seeds, called after what they are for. */
export const seedsFor = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index}`);

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
