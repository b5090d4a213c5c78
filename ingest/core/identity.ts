/**
 * The first 128 bits of SHA-256 over the text's UTF-8 bytes, as 32 hex digits. Hashing lives in the shell (ingest/message-key.ts);
 * the texts that are hashed are fixed here.
 */
export type KeyOf = (text: string) => string;

/** What was said, apart from who and when. */
export type Content =
  | {
      readonly kind: 'reading';
      readonly values: Readonly<Record<string, number>>;
      readonly texts?: Readonly<Record<string, string>> | undefined;
    }
  | {
      readonly kind: 'event';
      readonly type: string;
      readonly code?: string | undefined;
      readonly positionId?: string | undefined;
      readonly serial?: string | undefined;
      readonly body?: Readonly<Record<string, string | number | boolean | null>> | undefined;
    };

/**
 * The canonical text of a content: JSON without blanks, records as pairs sorted by key (UTF-16 units), numbers in ECMAScript's
 * shortest form. Equal contents give equal bytes, whatever the order of the sender's keys.
 *
 * Example: {values: {b: 1.50, a: 2}} → '["reading",[["a",2],["b",1.5]],[]]'.
 */
export function canonicalContent(content: Content): string {
  if (content.kind === 'reading')
    return JSON.stringify(['reading', pairs(content.values), pairs(content.texts ?? {})]);
  const {type, code = null, positionId = null, serial = null, body = {}} = content;
  return JSON.stringify(['event', type, code, positionId, serial, pairs(body)]);
}

/**
 * The text whose hash is the message's key. A repeat of a message has the key of the first.
 *
 *   with boot and seq   ["CH-0001",3,1841]
 *   without             ["CH-0001","flat/v1/AMS/CH-0001","2026-01-05T10:00:00Z",<canonical content>]
 */
export function identityText(
  equipmentId: string,
  identity:
    | {readonly boot: number; readonly seq: number}
    | {readonly topic: string; readonly observedAtSent: string | number; readonly content: string},
): string {
  if ('boot' in identity) return JSON.stringify([equipmentId, identity.boot, identity.seq]);
  return JSON.stringify([equipmentId, identity.topic, identity.observedAtSent, identity.content]);
}

function pairs(record: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
