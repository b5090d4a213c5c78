import type {NatsConnection} from './nats.ts';

/**
 * What has just been committed, and so who has work. A wake-up only saves latency: every loop looks by itself now and then,
 * and a lost one costs nothing else.
 */
export type Committed = 'stored' | 'followed' | 'signalled' | 'decided';

export interface WakeUps {
  tell(what: Committed, partitions?: readonly number[]): void;
  on(what: Committed, wake: () => void): void;
}

/** All stages in one process. */
export function localWakeUps(): WakeUps {
  const listeners = new Map<Committed, (() => void)[]>();
  return {
    tell: (what) => {
      for (const wake of listeners.get(what) ?? []) wake();
    },
    on: (what, wake) => {
      listeners.set(what, [...(listeners.get(what) ?? []), wake]);
    },
  };
}

/** Stages in several processes: `stored.<partition>`, `followed`, `signalled` and `decided` as core NATS messages. */
export function natsWakeUps(connection: NatsConnection): WakeUps {
  return {
    tell: (what, partitions) => {
      if (connection.isClosed()) return;
      for (const subject of partitions?.map((partition) => `${what}.${partition}`) ?? [what]) {
        connection.publish(subject);
      }
    },
    on: (what, wake) => {
      connection.subscribe(what === 'stored' ? 'stored.*' : what, {callback: wake});
    },
  };
}
