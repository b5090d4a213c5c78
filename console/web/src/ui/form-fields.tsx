import type {JSX} from 'preact';
import type {Refusal} from '../data/client.ts';
import {Field} from './field.tsx';

interface Labelled {
  readonly label: string;
  readonly hint?: string;
  readonly problem: string | null;
}

/** Some lines of text, as many characters as the service takes. */
export function TextField({
  value,
  set,
  rows = 2,
  charsMax = 2000,
  ...labelled
}: Labelled & {
  readonly value: string;
  readonly set: (value: string) => void;
  readonly rows?: number;
  readonly charsMax?: number;
}): JSX.Element {
  return (
    <Field {...labelled}>
      {(tie) => (
        <textarea
          {...tie}
          rows={rows}
          maxLength={charsMax}
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** One of some codes, each in its words. Where the value may be '', nothing is chosen beforehand. */
export function ChoiceField<Value extends string>({
  choices,
  value,
  set,
  autoFocus = false,
  ...labelled
}: Labelled & {
  readonly choices: Readonly<Record<Exclude<Value, ''>, string>>;
  readonly value: Value;
  readonly set: (value: Value) => void;
  readonly autoFocus?: boolean;
}): JSX.Element {
  return (
    <Field {...labelled}>
      {(tie) => <Choices {...tie} choices={choices} value={value} set={set} autoFocus={autoFocus} />}
    </Field>
  );
}

/** The same without a label of its own. */
export function Choices<Value extends string>({
  choices,
  value,
  set,
  ...attributes
}: {
  readonly choices: Readonly<Record<Exclude<Value, ''>, string>>;
  readonly value: Value;
  readonly set: (value: Value) => void;
  readonly id?: string;
  readonly autoFocus?: boolean;
}): JSX.Element {
  return (
    <select {...attributes} value={value} onChange={(event) => set(event.currentTarget.value as Value)}>
      {value === '' && <option value="">Choose …</option>}
      {Object.entries<string>(choices).map(([code, text]) => (
        <option key={code} value={code}>
          {text}
        </option>
      ))}
    </select>
  );
}

/** What a refusal says that no field shows. */
export function Problem({of}: {readonly of: Refusal | null}): JSX.Element | null {
  if (of === null || of.details.length > 0) return null;
  return (
    <p class="problem" role="alert">
      {of.message}
    </p>
  );
}
