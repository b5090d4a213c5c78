import {EquipmentId} from '../../domain/ids.ts';
import type {Message} from '../../domain/reading.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {EquipmentEntry} from './equipment.ts';
import type {KeyOf} from './identity.ts';
import {DOOR_LIMITS, judge} from './judge.ts';
import type {JsonProfile} from './profile.ts';
import {readPacket, route} from './read-packet.ts';
import type {Rejection} from './rejection.ts';

/** What came of one message of a packet, had the door read it by this profile. */
export type Previewed =
  | {readonly ok: true; readonly equipmentId: string; readonly message: Message}
  | {readonly ok: false; readonly equipmentId: string | null; readonly rejection: Rejection};

/**
 * Reads a packet by a profile as the door would, with the door's own decoder and judge, and keeps nothing. Whoever sends is taken
 * for a machine of the class, registered or not.
 *
 * Example: 'acme/CH-9' with {"t":1767607200,"v":{"temp":71.5}} by a profile with epoch-s, v and temp → temperature_c → one reading.
 */
export function previewPacket(
  {topic, payload}: {readonly topic: string; readonly payload: string},
  {
    profile,
    machine,
    receivedAt,
    keyOf,
  }: {
    readonly profile: JsonProfile;
    /** What the class says: signals with limits, and positions that events may name. */
    readonly machine: Pick<EquipmentEntry, 'signals' | 'positions'>;
    readonly receivedAt: EpochMs;
    readonly keyOf: KeyOf;
  },
): readonly Previewed[] {
  const found = route([profile], topic);
  if ('reason' in found) return [{ok: false, equipmentId: null, rejection: found}];
  const {equipmentId} = found;
  const entry: EquipmentEntry = {
    ...machine,
    equipmentId: EquipmentId.parse(equipmentId),
    equipmentNo: 0,
    partitionNo: 0,
    siteId: found.siteId ?? '',
    partyId: '',
    expectedIntervalS: 1,
  };
  const arrival = {topic, retain: false, receivedAt, wallReceivedAt: receivedAt, judgedAt: receivedAt};
  return readPacket(found, payload).map((decoded): Previewed => {
    const verdict = decoded.ok ? judge(decoded.draft, entry, arrival, DOOR_LIMITS, keyOf) : decoded;
    return verdict.ok
      ? {ok: true, equipmentId, message: verdict.message}
      : {ok: false, equipmentId, rejection: verdict.rejection};
  });
}
