import type {EpochMs} from '../domain/time.ts';
import {SILENCE_RULE, watchSilence} from './core/silence.ts';
import type {SilenceRule, SilenceVerdict, SilenceView} from './core/silence.ts';
import type {MqttDoor} from './ports.ts';

export type SilenceFacts = Omit<SilenceView, 'doorUp' | 'listeningSince'>;

export interface SilenceStore {
  /** Loads what may have changed at `now`, lets `decide` judge it, and commits timers and alerts, all in one transaction. */
  round(
    round: {readonly now: EpochMs; readonly listeningSince: EpochMs; readonly rule: SilenceRule},
    decide: (facts: SilenceFacts) => SilenceVerdict,
  ): Promise<SilenceVerdict>;
}

/** Looks for equipment that says nothing. Whoever drives business time calls runOnce(). */
export class SilenceService {
  readonly #store: SilenceStore;
  readonly #door: Pick<MqttDoor, 'state'>;
  readonly #rule: SilenceRule;
  readonly #listeningSince: EpochMs;

  /** @param listeningSince World time at which the door opened. */
  constructor(
    store: SilenceStore,
    door: Pick<MqttDoor, 'state'>,
    listeningSince: EpochMs,
    rule: SilenceRule = SILENCE_RULE,
  ) {
    this.#store = store;
    this.#door = door;
    this.#listeningSince = listeningSince;
    this.#rule = rule;
  }

  async runOnce(now: EpochMs): Promise<SilenceVerdict> {
    const doorUp = this.#door.state() === 'up';
    const listeningSince = this.#listeningSince;
    return this.#store.round({now, listeningSince, rule: this.#rule}, (facts) =>
      watchSilence({...facts, doorUp, listeningSince}, this.#rule),
    );
  }
}
