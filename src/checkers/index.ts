// The registry of checkers: a new one is one file and one line here.
import { availability } from './availability.js';
import type { Checker } from './checker.js';
import { echo } from './echo.js';
import { setFull } from './set-full/set-full.js';
import { stats } from './stats.js';
import { uniqueIds } from './unique-ids.js';

/** Checkers by name. */
export const checkers: ReadonlyMap<string, Checker> = new Map(
  [availability, echo, setFull, stats, uniqueIds].map((checker) => [checker.name, checker]),
);
