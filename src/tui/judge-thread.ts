// A thread that asks one checker and says what it says.
import { parentPort, workerData } from 'node:worker_threads';
import { catalogueOf } from '../files/named-code.js';
import { historyOf } from '../history/history.js';
import { judgeWith } from '../scenario/check.js';
import type { Question } from './judges.js';

const { name, options, ops, counts } = workerData as Question;
const { checker } = await catalogueOf({ checkers: [name] }, new Map());
const found = checker.get(name);
if (found === undefined) throw new Error(`there is no checker ${name}`);
parentPort?.postMessage(judgeWith({ checker: found, options }, historyOf(ops), { counts }));
