import type {EpochMs} from '../../domain/time.ts';
import type {MasterData} from '../../network/api.ts';

/** One recorded message, as its equipment would send it. */
export interface ReplayMessage {
  readonly kind: 'telemetry' | 'error' | 'maintenance' | 'failure';
  readonly equipmentId: string;
  /** When the broker gets it: never before its content could be known. */
  readonly arrivesAt: EpochMs;
  /** Settles the order among messages of one instant. */
  readonly order: string;
  readonly topic: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A recorded history and the network it is replayed in. */
export interface ReplaySource {
  readonly name: string;
  /** What of it is real and what is composed; printed with every result. */
  readonly note: string;
  readonly startAt: EpochMs;
  readonly network: MasterData;
  /** In the order of arrival. */
  readonly messages: readonly ReplayMessage[];
}
