// A change to a search that the comparison with brute force must find out.

export interface Mutant {
  readonly file: string;
  readonly model: string;
  readonly original: string;
  readonly mutated: string;
  /** Whether only longer histories show it, which are compared with another search. */
  readonly long?: true;
}
