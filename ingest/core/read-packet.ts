import {decodeJson} from './decode-json.ts';
import {decodeSenml} from './decode-senml.ts';
import type {Decoded} from './draft.ts';
import {readJson} from './json.ts';
import type {Profile} from './profile.ts';
import {rejection} from './rejection.ts';
import type {Rejection} from './rejection.ts';
import {explainTopic, matchTopic} from './topic.ts';

/** Where a packet's topic leads: to a profile, with the sender's names in it. */
export interface Route {
  readonly profile: Profile;
  readonly equipmentId: string;
  readonly siteId: string | undefined;
}

/** The profile of a topic, or why there is none. */
export function route(profiles: readonly Profile[], topic: string): Route | Rejection {
  for (const profile of profiles) {
    const names = matchTopic(profile.topicTemplate, topic);
    if (names?.['equipmentId'] !== undefined)
      return {profile, equipmentId: names['equipmentId'], siteId: names['site']};
  }
  return explainTopic(
    topic,
    profiles.map((profile) => profile.topicTemplate),
  );
}

/** A text payload as drafts: one per message, each good or refused by itself. Never throws. */
export function readPacket({profile, equipmentId}: Route, text: string): readonly Decoded[] {
  const document = readJson(text);
  if (!document.ok) {
    const {reason, detail} = document.fault;
    return [{ok: false, rejection: rejection(reason, detail), equipmentId}];
  }
  switch (profile.format) {
    case 'json':
      return decodeJson(profile, document, equipmentId);
    case 'senml':
      return decodeSenml(document, equipmentId);
  }
}
