import type {Equipment} from '../equipment.ts';
import type {World} from '../world.ts';

/** What a fault works on. */
export interface Target {
  readonly world: World;
  readonly equipment: Equipment;
  /** How long the trouble lasts, where it has a length. */
  readonly outageMs: number;
  /** How long a process is stopped: beyond leases and timeouts. */
  readonly freezeMs: number;
}

/** One way to make trouble. */
export interface Fault {
  readonly kind: string;
  /** Names of processes, lines and the like: two faults of one of them would undo each other, and are never done at once. */
  readonly touches: readonly string[];
  /** Why it cannot be done in this world; absent when it can. */
  unable?(world: World): string | undefined;
  /** Ends when the trouble is over and everything was told to work again. @returns what happened, where that is a number. */
  inject(target: Target): Promise<string | undefined>;
}

export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
