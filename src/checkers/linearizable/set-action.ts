// What operations can be to a set.

import type { RegisterAction } from './register-action.js';

/** What an action is to a set: to one member, which is there (true) or not; or to all members. */
export type SetAction =
  | { readonly kind: 'member'; readonly member: unknown; readonly action: RegisterAction }
  | { readonly kind: 'all'; readonly members: readonly unknown[] }
  | { readonly kind: 'nothing' }
  /** No set can have given this answer. */
  | { readonly kind: 'never' };
