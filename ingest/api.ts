import type {Result} from '../domain/result.ts';
import {ok, refused} from '../domain/result.ts';
import {mosquittoAcl} from './core/device-rights.ts';
import {readOwnProfiles} from './core/own-profile.ts';
import {PROFILES} from './core/profile.ts';
import type {
  DeadLetterFilter,
  DeadLetterStore,
  DeviceLogins,
  EquipmentDirectory,
  QuarantinedEquipment,
  ReadingSink,
  StoredDeadLetter,
} from './ports.ts';
import type {RejectionReason} from './core/rejection.ts';
import type {DoorService, PacketOutcome} from './service.ts';

export {OwnProfile, namedProfile} from './core/own-profile.ts';
export {previewPacket} from './core/preview.ts';
export {REJECTIONS} from './core/rejection.ts';
export type {Previewed} from './core/preview.ts';
export type {SignalLimits} from './core/equipment.ts';
export {sha256Key} from './message-key.ts';
export type {DeviceLogins} from './ports.ts';
export {EQUIPMENT_TOPICS, EquipmentStatus, STATUS_ADDRESS} from './core/wire-schema.ts';

export interface IngestApiPorts {
  readonly deadLetters: DeadLetterStore;
  readonly directory: EquipmentDirectory;
  readonly sink: ReadingSink;
  readonly service: Pick<DoorService, 'read' | 'promisedTo'>;
}

export type ResubmitProblem = 'no-such-letter' | 'letter-closed' | 'payload-cut' | RejectionReason;

export interface Resubmitted {
  readonly letters: number;
  readonly messages: number;
  /** Messages that were refused once more. */
  readonly refused: number;
}

/** Letters read from the store at once. */
const PAGE = 500;

export async function listDeadLetters(
  {deadLetters}: IngestApiPorts,
  filter: DeadLetterFilter,
): Promise<readonly StoredDeadLetter[]> {
  return deadLetters.list(filter);
}

export async function listQuarantinedEquipment({
  deadLetters,
}: IngestApiPorts): Promise<readonly QuarantinedEquipment[]> {
  return deadLetters.quarantined();
}

/** Takes a letter out of sight for good, for example noise of a test bench. */
export async function dropDeadLetter({deadLetters}: IngestApiPorts, deadLetterId: string): Promise<boolean> {
  return (await deadLetters.close([deadLetterId], 'dropped')) > 0;
}

/**
 * Sends one letter through the door again, with its bytes or with a corrected payload. Passes once: a letter that was taken is
 * closed, and the messages keep their identity, so even a repeat in the same instant stores nothing twice.
 */
export async function resubmitDeadLetter(
  ports: IngestApiPorts,
  deadLetterId: string,
  fixedPayload?: string,
): Promise<Result<{readonly messages: number}, ResubmitProblem>> {
  const letter = await ports.deadLetters.get(deadLetterId);
  if (!letter) return refused('no-such-letter', `there is no dead letter ${deadLetterId}`);
  if (letter.state !== 'rejected' && letter.state !== 'quarantined') {
    return refused('letter-closed', `dead letter ${deadLetterId} is already ${letter.state}`);
  }
  if (letter.reason === 'too-large' && fixedPayload === undefined) {
    return refused(
      'payload-cut',
      `only the first ${letter.raw.byteLength} bytes were kept; send the payload again, in parts`,
    );
  }
  const outcome = await reread(ports, letter, fixedPayload);
  const again = outcome.letters[0];
  if (again && outcome.messages.length === 0) return refused(again.reason, again.detail);
  await settle(ports, letter, outcome);
  return ok({messages: outcome.messages.length});
}

/**
 * Sends everything that waits for an equipment through the door, oldest first. Call it once the equipment is registered. What is
 * refused once more becomes a rejected letter with today's reason; its good neighbours in the packet pass.
 */
export async function resubmitEquipment(
  ports: IngestApiPorts,
  equipmentId: string,
): Promise<Result<Resubmitted, 'unknown-equipment'>> {
  await ports.directory.refresh();
  if (!ports.directory.find(equipmentId)) {
    return refused('unknown-equipment', `${equipmentId} is not in the installed base; add it first`);
  }
  const total = {letters: 0, messages: 0, refused: 0};
  for (;;) {
    const page = await ports.deadLetters.list({state: 'quarantined', equipmentId, limit: PAGE});
    if (page.length === 0) return ok(total);
    for (const letter of page.toReversed()) {
      const outcome = await reread(ports, letter);
      await settle(ports, letter, outcome);
      total.letters += 1;
      total.messages += outcome.messages.length;
      total.refused += outcome.letters.length;
    }
  }
}

async function reread(
  {service}: IngestApiPorts,
  letter: StoredDeadLetter,
  fixedPayload?: string,
): Promise<PacketOutcome> {
  const payload = fixedPayload === undefined ? letter.raw : new TextEncoder().encode(fixedPayload);
  return service.read({topic: letter.topic, payload, retain: false}, {judgedAt: letter.receivedAt});
}

/** The letter is closed last: a crash before leaves it open, and the messages' identity makes the second time harmless. */
async function settle(
  {sink, deadLetters, service}: IngestApiPorts,
  letter: StoredDeadLetter,
  outcome: PacketOutcome,
): Promise<void> {
  if (outcome.messages.length > 0) await sink.publish(outcome.messages, service.promisedTo(letter.topic));
  if (outcome.letters.length > 0) await deadLetters.add(outcome.letters);
  await deadLetters.close([letter.deadLetterId], 'resubmitted', outcome.messages[0]?.messageKey);
}

/**
 * The files by which a Mosquitto broker knows the same logins as the embedded listener, beside those of the service itself.
 *
 * @param stated  What is in force of `ingest.profiles`: equipment speaks on those topics too.
 */
export async function mosquittoFiles(
  logins: Pick<DeviceLogins, 'list'>,
  {service, stated}: {readonly service: string; readonly stated: Readonly<Record<string, unknown>>},
): Promise<{readonly passwords: string; readonly acl: string}> {
  const devices = await logins.list();
  const profiles = [...PROFILES, ...readOwnProfiles(stated, () => undefined)]; // the door tells what cannot be read
  return {
    passwords: devices.map(({login, secretHash}) => `${login}:${secretHash}\n`).join(''),
    acl: mosquittoAcl(
      devices,
      profiles.map(({topicTemplate}) => topicTemplate),
      service,
    ),
  };
}
