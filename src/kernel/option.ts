// What is wrong with a value that a user gave to an option.

/** An option whose value makes no sense. */
export interface OptionProblem {
  readonly option: string;
  /** What would: `at least 1`, `grid, line or total`. */
  readonly expected: string;
  /** The names that would do, where it is a name. */
  readonly names?: readonly string[];
}
