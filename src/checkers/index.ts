// The registry of checkers: a new one is one file and one line here.
import { availability } from './availability.js';
import { bank } from './bank.js';
import type { Checker } from './checker.js';
import { convergence } from './convergence.js';
import { counter } from './counter.js';
import { cut } from './cut.js';
import { echo } from './echo.js';
import { exactlyOnce } from './exactly-once/exactly-once.js';
import { kafka } from './kafka/kafka.js';
import { linearizable } from './linearizable/linearizable.js';
import { membership } from './membership/membership.js';
import { queue } from './queue.js';
import { seeding } from './seeding/seeding.js';
import { sequential } from './sequential.js';
import { session } from './session.js';
import { setFull } from './set-full/set-full.js';
import { stats } from './stats.js';
import { listAppend } from './transactions/list-append.js';
import { rwRegister } from './transactions/rw-register.js';
import { uniqueIds } from './unique-ids.js';

const all: readonly Checker[] = [
  ...[availability, bank, convergence, counter, echo, exactlyOnce, kafka, linearizable, listAppend],
  ...[membership, queue, rwRegister, seeding, sequential, session, setFull, stats, uniqueIds],
  ...[
    availability,
    bank,
    convergence,
    counter,
    cut,
    echo,
    exactlyOnce,
    kafka,
    linearizable,
    listAppend,
  ],
  ...[membership, queue, rwRegister, sequential, session, setFull, stats, uniqueIds],
];

/** Checkers by name. */
export const checkers: ReadonlyMap<string, Checker> = new Map(
  all.map((checker) => [checker.name, checker]),
);
