// Declares the commands that make failures small and explain them; program.ts has the others.
import type { Command } from 'commander';
import { collect, command, type End, editHelp, fileHelp, jsonHelp, seedHelp } from './declare.js';
import type { Io } from './io.js';

export function addShrink(program: Command, io: Io, end: End): void {
  command(program, 'shrink', 'Makes a failing run as small as it can be, and keeps it.')
    .argument('<file>', fileHelp)
    .option('-s, --seed <seed>', seedHelp)
    .option('-e, --edit <edit>', editHelp, collect)
    .option('--failure <failure>', 'Which one to keep: `set-full/lost`; the first by default.')
    .option('--time <duration>', 'Stops after so long with what there is.', '30s')
    .option('-o, --out <file>', 'Where to write it; `regressions/` beside the scenario by default.')
    .option('--json', jsonHelp)
    .addHelpText('after', shrinkHelp)
    .action(async (file, options) => {
      const { shrink } = await import('./shrink.js');
      end(await shrink(file, { edit: [], json: false, ...options }, io));
    });
}

const shrinkHelp = `
Examples:
  stormglass shrink storm.yaml --seed 4711
  stormglass shrink storm.yaml --seed 4711 --failure linearizable/not-linearizable --time 2m
What is written is a scenario like any other: run it, step through it, keep it.
`;

export function addInevitable(program: Command, io: Io, end: End): void {
  command(program, 'inevitable', 'When did a failure become inevitable? Lives through futures.')
    .argument('<file>', fileHelp)
    .option('-s, --seed <seed>', seedHelp)
    .option('-e, --edit <edit>', editHelp, collect)
    .option('--failure <failure>', 'Which one: `set-full/lost`; the first by default.')
    .option('--futures <count>', 'Futures at each point of the run.', '40')
    .option('--json', jsonHelp)
    .addHelpText('after', inevitableHelp)
    .action(async (file, options) => {
      const { inevitable } = await import('./inevitable.js');
      end(await inevitable(file, { edit: [], json: false, ...options }, io));
    });
}

const inevitableHelp = `
Examples:
  stormglass inevitable storm.yaml --seed 4711
  stormglass inevitable storm.yaml --seed 4711 --futures 200
A future has the operations and the faults of the run, and other chance from a point on.
`;
