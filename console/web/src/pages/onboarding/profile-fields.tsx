import type {JSX} from 'preact';
import type {Refusal} from '../../data/client.ts';
import {Field} from '../../ui/field.tsx';
import type {ProfileDraft} from './profile-draft.ts';

const CHOICES = {
  message: [
    ['reading', 'readings'],
    ['event', 'events'],
    ['by-type', 'events where a type is given, else readings'],
  ],
  time: [
    ['iso', 'ISO 8601 with zone'],
    ['epoch-ms', 'milliseconds since 1970'],
    ['epoch-s', 'seconds since 1970'],
  ],
  timeMissing: [
    ['reject', 'is refused'],
    ['received', 'takes the time of receipt'],
  ],
} as const;

const TEXTS: readonly {
  readonly name: keyof ProfileDraft;
  readonly label: string;
  readonly hint?: string;
  /** Where in the request the service names what is wrong with it. */
  readonly at: string;
}[] = [
  {name: 'name', label: 'Name of the profile', at: ''},
  {
    name: 'topicTemplate',
    label: 'Topic template',
    hint: 'For example acme/{site}/{equipmentId}',
    at: 'topicTemplate',
  },
  {
    name: 'valuesPath',
    label: 'Values',
    hint: 'Keys joined by dots; empty: the message itself',
    at: 'paths.values',
  },
  {name: 'timePath', label: 'Time', at: 'paths.time'},
  {
    name: 'bootPath',
    label: 'Count of starts',
    hint: 'With the next: what makes a repeat a repeat',
    at: 'paths.boot',
  },
  {name: 'seqPath', label: 'Count of messages', at: 'paths.seq'},
];

/** Where in a message things stand. */
export function ProfileFields({
  draft,
  set,
  refusal,
  rulesProblem,
}: {
  readonly draft: ProfileDraft;
  readonly set: (draft: ProfileDraft) => void;
  readonly refusal: Refusal | null;
  readonly rulesProblem: string | null;
}): JSX.Element {
  const choice = (name: keyof typeof CHOICES, label: string): JSX.Element => (
    <Field label={label}>
      {(tie) => (
        <select
          {...tie}
          value={draft[name]}
          onChange={(event) => set({...draft, [name]: event.currentTarget.value})}
        >
          {CHOICES[name].map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <>
      {TEXTS.map(({name, label, hint, at}) => (
        <Field
          key={name}
          label={label}
          {...(hint === undefined ? {} : {hint})}
          problem={at === '' ? null : wrongWith(refusal, at)}
        >
          {(tie) => (
            <input
              {...tie}
              value={draft[name]}
              onInput={(event) => set({...draft, [name]: event.currentTarget.value})}
            />
          )}
        </Field>
      ))}
      {choice('message', 'Messages are')}
      {choice('time', 'Time is written as')}
      {choice('timeMissing', 'A message without time')}
      <Field
        label="Names and units"
        hint="One a line, where the sender’s differ: temp_f = temperature_c * 0.5556 - 17.78"
        problem={rulesProblem}
      >
        {(tie) => (
          <textarea
            {...tie}
            class="code"
            rows={4}
            spellcheck={false}
            value={draft.signals}
            onInput={(event) => set({...draft, signals: event.currentTarget.value})}
          />
        )}
      </Field>
    </>
  );
}

/** The preview names 'body.profile.topicTemplate', the parameter 'body.change.<name>.topicTemplate'. */
function wrongWith(refusal: Refusal | null, at: string): string | null {
  const found = refusal?.details.filter(({path}) => path.endsWith(`.${at}`)) ?? [];
  return found.length === 0 ? null : found.map(({what}) => what).join('; ');
}
