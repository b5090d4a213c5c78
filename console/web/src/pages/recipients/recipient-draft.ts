import type {Reply} from '../../data/client.ts';
import type {paths} from '../../data/paths.d.ts';

export type Recipient = Reply<'/api/v1/recipients'>['recipients'][number];
type Statement = NonNullable<
  paths['/api/v1/recipients/{recipientId}']['put']['requestBody']
>['content']['application/json'];

/** What stands in the fields, as typed. An empty list means everything, an empty number "as the rules say". */
export interface Draft {
  readonly recipientId: string;
  readonly role: string;
  readonly partyId: string;
  readonly channel: Recipient['channel'];
  readonly email: string;
  readonly url: string;
  readonly key: string;
  readonly kinds: string;
  readonly depots: string;
  readonly levelMin: string;
  readonly timeZone: string;
  readonly hours: string;
  readonly quietBelow: string;
  readonly perHour: string;
  readonly active: boolean;
}

export const NEW_RECIPIENT = 'new';

/** @param viewersZone  IANA name: whoever adds a recipient mostly shares its zone. */
export function draftOf(recipient: Recipient | typeof NEW_RECIPIENT, viewersZone: string): Draft {
  if (recipient === NEW_RECIPIENT)
    return {
      ...{recipientId: '', role: 'planner', partyId: '', channel: 'email', email: '', url: '', key: ''},
      ...{kinds: '', depots: '', levelMin: '1', timeZone: viewersZone, hours: 'Mon-Fri 07:00-19:00'},
      ...{quietBelow: '', perHour: '', active: true},
    };
  const {recipientId, role, partyId, channel, address, kinds, depots, levelMin, timeZone, hours} = recipient;
  return {
    ...{recipientId, role, channel, timeZone, hours, url: '', key: '', active: recipient.active},
    partyId: partyId ?? '',
    email: channel === 'email' ? address : '',
    kinds: kinds?.join(', ') ?? '',
    depots: depots?.join(', ') ?? '',
    levelMin: String(levelMin),
    quietBelow: recipient.quietBelow === null ? '' : String(recipient.quietBelow),
    perHour: recipient.perHour === null ? '' : String(recipient.perHour),
  };
}

/** Which of the three says where messages go, by channel; the service has the last word. */
export function addressFields(channel: Recipient['channel']): readonly ('email' | 'url' | 'key')[] {
  switch (channel) {
    case 'email':
      return ['email'];
    case 'webhook':
      return ['url', 'key'];
    case 'slack':
    case 'teams':
      return ['url'];
    case 'pagerduty':
      return ['key'];
    case 'mqtt':
    case 'installation':
      return [];
  }
}

/** What is sent. Credentials that are left out stay as they were. Example: kinds 'a, b' → ['a', 'b']; '' → null. */
export function statementOf(draft: Draft, language: string): Statement {
  const {role, channel, timeZone, hours, active} = draft;
  const address = Object.fromEntries(
    addressFields(channel).flatMap((field) =>
      draft[field].trim() === '' ? [] : [[field, draft[field].trim()]],
    ),
  );
  return {
    ...{role: role.trim(), channel, timeZone: timeZone.trim(), hours: hours.trim(), active, language},
    ...address,
    partyId: draft.partyId.trim() === '' ? null : draft.partyId.trim(),
    kinds: listOf(draft.kinds),
    depots: listOf(draft.depots),
    levelMin: Number(draft.levelMin),
    quietBelow: draft.quietBelow.trim() === '' ? null : Number(draft.quietBelow),
    perHour: draft.perHour.trim() === '' ? null : Number(draft.perHour),
    optedOut: false,
    actor: 'console',
  };
}

function listOf(typed: string): string[] | null {
  const names = typed.split(/[\s,;]+/).filter((name) => name !== '');
  return names.length === 0 ? null : names;
}
