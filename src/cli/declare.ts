// What declarations of commands share: help texts, and how a command ends.
import type { Command } from 'commander';

/** How a command ends: by its exit code. */
export type End = (code: number) => void;

export const fileHelp = 'A scenario file, or the name of a scenario that comes with Stormglass.';
export const seedHelp = "The seed, instead of the scenario's own.";
export const jsonHelp = 'Prints one JSON document instead of a report for people.';

export function command(program: Command, name: string, about: string): Command {
  return program.command(name).description(about);
}

/** Without a default of its own, which the help would show. */
export const collect = (edit: string, edits: readonly string[] = []): readonly string[] => [
  ...edits,
  edit,
];

export const editHelp = 'Lets one thing go differently; may be repeated.';
