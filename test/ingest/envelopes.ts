import {EquipmentId} from '../../domain/ids.ts';
import type {Reading, ReadingsEnvelopeV1} from '../../domain/reading.ts';
import {epochMs} from '../../domain/time.ts';
import {contentHash} from '../../ingest/core/content-hash.ts';
import {identityText} from '../../ingest/core/identity.ts';
import {sha256Key} from '../../ingest/message-key.ts';

/** 2026-01-05T10:00:00Z. */
const START = Date.UTC(2026, 0, 5, 10);

/** A reading as the door hands it on; number `seq` of its equipment's first boot. */
export function readingOf(
  equipmentNo: number,
  seq: number,
  over: {readonly observedAt?: number; readonly values?: Readonly<Record<string, number>>} = {},
): Reading {
  const equipmentId = EquipmentId.parse(`CH-${String(equipmentNo).padStart(4, '0')}`);
  const observedAt = epochMs(over.observedAt ?? START + seq * 1000);
  const values = {temperature_c: 20 + (seq % 10), ...over.values};
  return {
    kind: 'reading',
    equipmentId,
    equipmentNo,
    observedAt,
    receivedAt: observedAt,
    wallReceivedAt: observedAt,
    messageKey: sha256Key(identityText(equipmentId, {boot: 1, seq})),
    contentHash: contentHash(observedAt, {kind: 'reading', values}),
    boot: 1,
    seq,
    values,
  };
}

/** An envelope with readings `from` … `from + count − 1` of equipment `partition + 1`. */
export function envelopeOf(partition: number, from: number, count = 1): ReadingsEnvelopeV1 {
  return {
    version: 1,
    partition,
    envelopeId: `envelope-${partition}-${from}-${count}`,
    messages: Array.from({length: count}, (_, i) => readingOf(partition + 1, from + i)),
  };
}
