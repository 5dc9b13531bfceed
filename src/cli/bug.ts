// Errors that are ours: exit code 70, with what is known of the run.

/** An error of ours, with what is known of the run it happened in. */
export class Bug extends Error {
  override readonly name = 'Bug';
  readonly during: readonly string[];

  constructor(cause: unknown, during: readonly string[]) {
    super('a bug of Stormglass', { cause });
    this.during = during;
  }
}
