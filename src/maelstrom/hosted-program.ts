// A program of anybody's as a protocol, so that a scenario can have it for its nodes: JavaScript
// in-process, anything else by pipe.
import { basename } from 'node:path';
import type { AnyProtocol } from '../node/protocol.js';
import { usageError } from '../scenario/usage-error.js';
import { assertProgram, isJavaScript } from './program-kind.js';

/** A program, what follows it on its command line, and how it is to be hosted. */
export interface HostedProgram {
  readonly program: string;
  readonly args?: readonly string[];
  /** `auto`: JavaScript in-process, anything else by pipe. */
  readonly host?: 'auto' | 'in-process' | 'pipe';
}

/** The protocol whose nodes are this program. Throws a UsageError if it cannot be run. */
export async function hostedProgram({
  program,
  args = [],
  host = 'auto',
}: HostedProgram): Promise<AnyProtocol> {
  assertProgram(program, 'the program');
  if (host === 'in-process' || (host === 'auto' && isJavaScript(program))) {
    const { hostedJavaScript } = await import('./realm/hosted-javascript.js');
    return hostedJavaScript(program, args);
  }
  if (process.platform === 'win32') {
    throw usageError('programs behind pipes need Linux, macOS or the like', {
      hint: 'JavaScript programs run in-process everywhere.',
    });
  }
  const { commandOf } = await import('./pipe/command.js');
  const { pipedPrograms } = await import('./pipe/world.js');
  return pipedPrograms(commandOf({ bin: program, args }), basename(program));
}
