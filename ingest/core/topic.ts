import {isId} from '../../domain/ids.ts';
import {rejection} from './rejection.ts';
import type {Rejection} from './rejection.ts';

/** The named levels of a topic: {site: 'AMS', equipmentId: 'CH-0001'}. */
export type TopicNames = Readonly<Partial<Record<string, string>>>;

/**
 * Reads a topic by a template whose levels are literal or {named}.
 *
 * Example: 'telemetry/v1/{site}/{equipmentId}' and 'telemetry/v1/AMS/CH-0001' → {site: 'AMS', equipmentId: 'CH-0001'};
 * undefined when a literal level differs or the number of levels does.
 */
export function matchTopic(template: string, topic: string): TopicNames | undefined {
  const levels = template.split('/');
  const heard = topic.split('/');
  if (levels.length !== heard.length) return undefined;
  const names: Record<string, string> = {};
  for (const [i, level] of levels.entries()) {
    const text = heard[i]!;
    if (!level.startsWith('{')) {
      if (level !== text) return undefined;
    } else if (isId(text) && text.isWellFormed()) {
      names[level.slice(1, -1)] = text;
    } else {
      return undefined;
    }
  }
  return names;
}

/**
 * The topic filter that receives a template's topics and those that miss it by a level: they are to be refused, not unheard.
 * Example: 'telemetry/v1/{site}/{equipmentId}' → 'telemetry/v1/#'.
 */
export function topicFilter(template: string): string {
  return template.replace(/\{.*$/, '#');
}

/** Whether the topic, or topic filter, is of the events' own tree. Example: 'event/v1/AMS/CH-0001' → true. */
export function isEventTopic(topic: string): boolean {
  return topic.startsWith('event/');
}

/** Why no template took the topic: near misses get the template they missed. */
export function explainTopic(topic: string, templates: readonly string[]): Rejection {
  const first = topic.split('/', 1)[0];
  const near = templates.find((template) => template.split('/', 1)[0] === first);
  if (near === undefined)
    return rejection('unknown-topic', `no profile listens on this topic; known are ${templates.join(', ')}`);
  return rejection('bad-topic', `expected ${near}, each {name} an id of 1 to 128 characters without blanks`);
}
