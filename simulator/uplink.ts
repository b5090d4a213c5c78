import {HOUR_MS, MINUTE_MS, SECOND_MS, epochMs, toIso, type EpochMs} from '../domain/time.ts';
import type {HistoryEvent} from './history.ts';
import {streamOf, type Random} from './random.ts';
import {Episodes} from './symptoms.ts';
import type {MachineSpec} from './timeline.ts';

/** A message as the broker gets it. */
export interface Emission {
  readonly arrivesAt: EpochMs;
  readonly topic: string;
  readonly payload: string;
  readonly equipmentId: string;
}

/** A site whose gateway was cut off: what it saved comes late. */
export interface Outage {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

const OUTAGES_PER_SITE_YEAR = 6;
const DUPLICATE_SHARE = 0.002;
/** A gateway that reconnects repeats what was in flight when the line broke. */
const DUPLICATE_SHARE_BACKFILL = 0.03;
/** Saved messages go out over this long, several at a time, so they overtake each other. */
const BACKFILL_MS = 10 * MINUTE_MS;

/**
 * One machine's way to the broker: boot and sequence numbers, delays, its site's outages, repeats.
 * All machines of a site share its outages: each draws them from the site's own stream.
 */
export class Uplink {
  readonly outages: Episodes<Outage>;
  readonly #spec: MachineSpec;
  readonly #random: Random;
  #boot = 1;
  #seq = 0;
  #lastArrival = 0;

  constructor(seed: number, spec: MachineSpec, since: EpochMs) {
    this.#spec = spec;
    this.#random = streamOf(seed, 'uplink', spec.equipmentId);
    this.outages = new Episodes(
      streamOf(seed, 'outage', spec.siteId),
      OUTAGES_PER_SITE_YEAR,
      since,
      (from, random) => ({
        from,
        to: epochMs(from + random.between(1, 10) * HOUR_MS),
      }),
    );
  }

  /** @param values  By signal; NaN is left out, the rest goes with three decimals. */
  telemetry(at: EpochMs, names: readonly string[], values: Float64Array): Emission[] {
    const sent: Record<string, number> = {};
    names.forEach((name, i) => {
      if (!Number.isNaN(values[i]!)) sent[name] = Math.round(values[i]! * 1000) / 1000;
    });
    return this.#send('telemetry', at, {values: sent});
  }

  event(event: HistoryEvent): Emission[] {
    const {type, code, positionId, serial} = event;
    // undefined fields do not show in JSON
    const emissions = this.#send('event', event.at, {type, code, component: positionId, partSerial: serial});
    if (type === 'stopped') {
      this.#boot += 1;
      this.#seq = 0;
    }
    return emissions;
  }

  #send(kind: 'telemetry' | 'event', at: EpochMs, body: object): Emission[] {
    const {siteId, equipmentId} = this.#spec;
    const topic = `${kind}/v1/${siteId}/${equipmentId}`;
    const payload = JSON.stringify({observedAt: toIso(at), boot: this.#boot, seq: this.#seq, ...body});
    this.#seq += 1;
    const outage = this.outages.at(at)[0];
    const arrivesAt = outage ? epochMs(outage.to + this.#random.between(0, BACKFILL_MS)) : this.#onLine(at);
    const emission = {arrivesAt, topic, payload, equipmentId};
    if (!this.#random.chance(outage ? DUPLICATE_SHARE_BACKFILL : DUPLICATE_SHARE)) return [emission];
    const again = epochMs(arrivesAt + this.#random.between(SECOND_MS, 5 * MINUTE_MS));
    return [emission, {...emission, arrivesAt: again}];
  }

  /** Under a second as a rule, and in order: one connection carries them. */
  #onLine(at: EpochMs): EpochMs {
    this.#lastArrival = Math.max(this.#lastArrival, at + 80 + this.#random.exponential(400));
    return epochMs(this.#lastArrival);
  }
}
