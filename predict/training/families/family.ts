import type {Tf} from '../../adapters/backend.ts';
import type {Member} from '../../adapters/head.ts';
import type {Example} from '../hazard-network.ts';
import {fitLogistic} from './logistic-family.ts';
import {fitNetworkMember, type NetworkSettings} from './network-family.ts';
import {fitTreesMember, type TreesSettings} from './trees-family.ts';

/** A row that every family can read. */
export interface FamilyRow extends Example {
  /** The same inputs before they were standardised; NaN: not heard. */
  readonly raw: Float32Array;
  readonly place: number;
}

/** What one fit is given. All logits are of hazards and are taught by the censored likelihood (hazard-network.ts). */
export interface FamilyLesson {
  readonly training: readonly FamilyRow[];
  /** Stops or tunes the fit and teaches nothing. */
  readonly heldOut: readonly FamilyRow[];
  readonly seed: number;
  /** Where a network starts: the age law of each interval as a line in one standardised input. */
  readonly start: {readonly input: number; readonly slope: number; readonly intercepts: readonly number[]};
}

/** A fit as plain data, and what it answers to the held-out rows, in order. */
export interface Fitted {
  readonly member: Member;
  readonly heldOut: readonly ArrayLike<number>[];
}

/** One way to learn hazards from rows, as data: a thread is told it. */
export type Family =
  | {readonly name: 'network'; readonly settings: NetworkSettings}
  | {readonly name: 'trees'; readonly settings: TreesSettings}
  | {readonly name: 'logistic'};

/** Equal lessons give equal fits on the same backend. */
export async function fitFamily(tf: Tf, family: Family, lesson: FamilyLesson): Promise<Fitted> {
  switch (family.name) {
    case 'network':
      return fitNetworkMember(tf, family.settings, lesson);
    case 'trees':
      return fitTreesMember(family.settings, lesson);
    case 'logistic':
      return fitLogistic(lesson);
  }
}
