/**
 * Why a packet, or one message in it, was not taken. Each code has one meaning and one next step for whoever set up the
 * equipment; docs/errors.md is generated from this table.
 */
export const REJECTIONS = {
  'unknown-topic': {
    meaning: 'No payload profile listens on this topic.',
    next: 'Publish to telemetry/v1/{site}/{equipmentId} or event/v1/{site}/{equipmentId}, or add a profile for your topic.',
  },
  'bad-topic': {
    meaning:
      'The topic has the wrong number of levels, or a level that is not an id (1 to 128 characters, no blanks).',
    next: 'Compare your topic with the template in the detail, level by level.',
  },
  'unknown-equipment': {
    meaning:
      'The equipment is not in the installed base. Its messages wait in quarantine, up to a stated number.',
    next: 'Add the equipment to the installed base, then resubmit it; or correct the id in the topic.',
  },
  'too-large': {
    meaning: 'The payload has more bytes than a packet may have.',
    next: 'Send fewer messages a packet.',
  },
  'not-utf8': {
    meaning: 'The payload is not UTF-8 text.',
    next: 'Encode the JSON as UTF-8, without compression.',
  },
  'not-json': {
    meaning: 'The payload is not valid JSON, or a key appears twice in one object, or a key is not allowed.',
    next: 'Check the payload at the offset in the detail.',
  },
  'too-deep': {meaning: 'The JSON is nested deeper than allowed.', next: 'Send flat values.'},
  'too-many': {
    meaning: 'The packet has more elements, or an element more fields, than allowed.',
    next: 'Split it.',
  },
  'wrong-shape': {
    meaning: 'The JSON is valid but is not what the profile expects: a field is missing or has another type.',
    next: 'Compare your message with the example of the profile in docs/equipment.md.',
  },
  'bad-text': {
    meaning: 'A text has a NUL, a lone surrogate or too many characters; the database could not keep it.',
    next: 'Remove the character, or shorten the text.',
  },
  'unsafe-integer': {
    meaning: 'A whole number is beyond 2^53 and would silently lose digits.',
    next: 'Send it as text, or with fewer digits.',
  },
  'not-a-number': {
    meaning: 'A value is NaN, Infinity, too large for a double, or no number at all.',
    next: 'Leave the signal out when there is no value.',
  },
  'text-number': {meaning: 'A number was sent as text.', next: 'Send 4.2 rather than "4.2".'},
  'null-value': {meaning: 'A value is null.', next: 'Leave the signal out when there is no value.'},
  'no-values': {meaning: 'The message has no value at all.', next: 'Send at least one signal, or nothing.'},
  'unknown-signal': {
    meaning: "The signal is not in the list of the equipment's class.",
    next: 'Correct its name, or add the signal with unit and limits to the class.',
  },
  'out-of-range': {
    meaning: "The value is outside the physical limits of the class's signal.",
    next: 'Check the sensor; when the detail names a unit, check the unit.',
  },
  'unit-mismatch': {
    meaning: 'The message names a unit that cannot be converted to the unit of the signal.',
    next: 'Send the unit of the class.',
  },
  'bad-time': {
    meaning: 'The time is missing or cannot be read.',
    next: 'Send ISO 8601 in UTC: 2026-01-05T10:00:00.000Z.',
  },
  'epoch-seconds': {
    meaning: 'The time looks like seconds since 1970 where something else is agreed.',
    next: 'Send ISO 8601 in UTC; where milliseconds are agreed, multiply by 1000.',
  },
  'time-without-zone': {
    meaning: 'The time names no zone, so it may be local time.',
    next: 'Convert it to UTC and end it with Z.',
  },
  'time-in-future': {
    meaning: 'The equipment says it observed this in the future, beyond the allowed clock error.',
    next: "Check the equipment's clock, and that local time is not sent as UTC.",
  },
  'too-old': {
    meaning: 'The message is older than the door accepts.',
    next: 'Bring history in through the import, or raise the limit.',
  },
  'incomplete-identity': {
    meaning: 'Only one of boot and seq was sent, or one is not a whole number in range.',
    next: 'Send both (boot counts starts, seq counts messages since the start), or neither.',
  },
  'sequence-conflict': {
    meaning: 'Another message with the same boot and seq, but other content, is stored.',
    next: 'Count boot up at every start of the equipment and seq at every message.',
  },
  'unknown-event-type': {
    meaning: 'The event type is not one of the known seven.',
    next: 'Send error, maintenance, failure, part-replaced, meter, started or stopped.',
  },
  'unknown-component': {
    meaning: "The component is not a position of the equipment's model.",
    next: 'Correct the position, or add it to the bill of material of the model.',
  },
  'retained-without-time': {
    meaning: 'A retained message without device time would become a new reading at every reconnect.',
    next: 'Publish without the retain flag, or send the time.',
  },
  'database-refused': {
    meaning: 'The database refused the row for its content, although the door had taken it.',
    next: 'Report it with the detail: a rule of the door is missing. The other rows of its batch are stored.',
  },
  'unreadable-envelope': {
    meaning: 'Something on the bus under readings.<partition> is no envelope of ours.',
    next: 'Find out who else publishes to these subjects, and forbid it in the permissions of the NATS account.',
  },
  'unknown-alias': {
    meaning: 'Sparkplug data refers to a metric that no BIRTH has declared; a rebirth was requested.',
    next: 'Nothing, when the node answers the rebirth; else check that it honours Node Control/Rebirth.',
  },
} as const satisfies Record<string, {readonly meaning: string; readonly next: string}>;

export type RejectionReason = keyof typeof REJECTIONS;

/** Expected trouble as a value. `detail` names the thing, the number and the next step. */
export interface Rejection {
  readonly reason: RejectionReason;
  readonly detail: string;
}

export function rejection(reason: RejectionReason, detail: string): Rejection {
  return {reason, detail};
}
