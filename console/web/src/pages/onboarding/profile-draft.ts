import type {Answer} from '../../data/client.ts';

export type Letter = Answer<'/api/v1/dead-letters'>['deadLetters'][number];
export type Previewed = Answer<'/api/v1/profiles/preview', 'post'>['messages'][number];

/** A profile as it is typed. */
export interface ProfileDraft {
  readonly name: string;
  readonly topicTemplate: string;
  readonly message: 'reading' | 'event' | 'by-type';
  readonly time: 'iso' | 'epoch-ms' | 'epoch-s';
  readonly timeMissing: 'reject' | 'received';
  readonly timePath: string;
  readonly valuesPath: string;
  readonly bootPath: string;
  readonly seqPath: string;
  readonly typePath: string;
  readonly eventPath: string;
  /** One a line: 'temp_f = temperature_c * 0.5556 - 17.78'. */
  readonly signals: string;
}

export const EMPTY_DRAFT: ProfileDraft = {
  name: '',
  topicTemplate: '',
  message: 'reading',
  time: 'iso',
  timeMissing: 'reject',
  timePath: 'observedAt',
  valuesPath: 'values',
  bootPath: 'boot',
  seqPath: 'seq',
  typePath: 'type',
  eventPath: '',
  signals: '',
};

interface Rule {
  readonly signal: string;
  readonly scale?: number;
  readonly offset?: number;
}

const NUMBER = '[-+]?\\s*[\\d.]+(?:[eE][-+]?\\d+)?';
const RULE = new RegExp(
  `^(\\S+)\\s*=\\s*(\\S+?)(?:\\s*\\*\\s*(${NUMBER}))?(?:\\s*([-+]\\s*[\\d.]+(?:[eE][-+]?\\d+)?))?$`,
);

/**
 * Signal rules as they are typed, one a line; a line that cannot be read is named.
 *
 * Example: 'temp_f = temperature_c * 0.5556 - 17.78' → {temp_f: {signal: 'temperature_c', scale: 0.5556, offset: -17.78}}.
 */
export function readRules(text: string): {
  readonly rules: Readonly<Record<string, Rule>>;
  readonly problem: string | null;
} {
  const rules: Record<string, Rule> = {};
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [, sent, signal, scale, offset] = RULE.exec(line.trim()) ?? [];
    if (sent === undefined || signal === undefined)
      return {rules, problem: `"${line.trim()}" is not like: sent = signal * 0.1 + 5`};
    rules[sent] = {
      signal,
      ...(scale === undefined ? {} : {scale: Number(scale.replaceAll(/\s/g, ''))}),
      ...(offset === undefined ? {} : {offset: Number(offset.replaceAll(/\s/g, ''))}),
    };
  }
  return {rules, problem: null};
}

/** The profile that a draft states, as the service takes it. */
export function profileOf(draft: ProfileDraft): {
  topicTemplate: string;
  message: ProfileDraft['message'];
  paths: {time: string; values: string; event: string; boot: string; seq: string; type: string};
  time: ProfileDraft['time'];
  timeMissing: ProfileDraft['timeMissing'];
  signals?: Record<string, {signal: string; scale?: number; offset?: number}>;
} {
  const {rules} = readRules(draft.signals);
  return {
    topicTemplate: draft.topicTemplate,
    message: draft.message,
    paths: {
      time: draft.timePath,
      values: draft.valuesPath,
      event: draft.eventPath,
      boot: draft.bootPath,
      seq: draft.seqPath,
      type: draft.typePath,
    },
    time: draft.time,
    timeMissing: draft.timeMissing,
    ...(Object.keys(rules).length === 0 ? {} : {signals: rules}),
  };
}
