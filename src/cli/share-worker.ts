// A thread that judges its share of a history, and says what it found.
import { parentPort } from 'node:worker_threads';
import { findingOf, type Share } from './share.js';

parentPort?.once('message', (share: Share | undefined) => {
  parentPort?.postMessage(share && findingOf(share));
});
