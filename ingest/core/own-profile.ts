import {z} from 'zod';
import type {JsonProfile} from './profile.ts';
import {PROFILES} from './profile.ts';

/** First levels that mean something already: those of the profiles that come with the product, and what the door itself says. */
const TAKEN = new Set([
  ...PROFILES.map(({topicTemplate}) => topicTemplate.split('/', 1)[0]!),
  'status',
  'spBv1.0',
]);
const LEVEL = /^(\{[A-Za-z][A-Za-z0-9]*\}|[^{}+#$\s/]+)$/;

/** 'acme/{site}/{equipmentId}/data': literal or {named} levels, {equipmentId} among them, the first a literal of its own. */
const TopicTemplate = z
  .string()
  .min(1)
  .max(200)
  .superRefine((text, context) => {
    const say = (message: string): void => context.addIssue({code: 'custom', message});
    const levels = text.split('/');
    const wrong = levels.find((level) => !LEVEL.test(level));
    if (wrong !== undefined) {
      say(`level "${wrong}" is neither a word nor {named}; + and # are not for templates`);
      return;
    }
    if (!levels.includes('{equipmentId}')) say('needs a level {equipmentId}: who sends');
    if (levels[0]!.startsWith('{')) say('begins with a word, so that it takes no other topics');
    else if (TAKEN.has(levels[0]!)) say(`${levels[0]!}/ is taken; begin with a word of your own`);
  });

const path = z.string().max(200);

/** A JSON profile that an installation states itself (parameter ingest.profiles), under its name. */
export const OwnProfile = z.strictObject({
  topicTemplate: TopicTemplate,
  message: z.enum(['reading', 'event', 'by-type']),
  paths: z.strictObject({time: path, values: path, event: path, boot: path, seq: path, type: path}),
  time: z.enum(['iso', 'epoch-ms', 'epoch-s']),
  timeMissing: z.enum(['reject', 'received']),
  signals: z
    .record(
      z.string().min(1).max(128),
      z.strictObject({
        signal: z.string().min(1).max(128),
        scale: z.number().optional(),
        offset: z.number().optional(),
      }),
    )
    .optional()
    .describe('Sent name → our name and, where the unit differs, value · scale + offset'),
  expect: z.record(z.string(), z.string()).optional(),
});
export type OwnProfile = z.infer<typeof OwnProfile>;

/** The profile as the door uses it. */
export function namedProfile(name: string, {signals, expect, ...rest}: OwnProfile): JsonProfile {
  return {
    ...rest,
    name,
    format: 'json',
    ...(signals && {signals: signals as NonNullable<JsonProfile['signals']>}),
    ...(expect && {expect}),
  };
}

/**
 * What is stated of ingest.profiles, read for the door: what cannot be read is left out and told, and costs no other.
 *
 * Example: {acme: {topicTemplate: 'acme/{equipmentId}', …}} → one profile named acme.
 */
export function readOwnProfiles(
  stated: Readonly<Record<string, unknown>>,
  report: (problem: string) => void,
): readonly JsonProfile[] {
  return Object.entries(stated).flatMap(([name, value]) => {
    const read = OwnProfile.safeParse(value);
    if (read.success) return [namedProfile(name, read.data)];
    report(`parameter ingest.profiles, ${name}: ${z.prettifyError(read.error)}`);
    return [];
  });
}
