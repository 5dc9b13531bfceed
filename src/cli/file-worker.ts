// A thread that reads its share of a history, and then judges its share.
import { parentPort } from 'node:worker_threads';
import { type FileQuestion, type FileShare, reportOf, rowsOf } from './file-share.js';

parentPort?.on('message', (asked: FileShare | FileQuestion) => {
  parentPort?.postMessage('stretches' in asked ? reportOf(asked) : rowsOf(asked));
});
