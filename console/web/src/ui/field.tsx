import type {ComponentChildren, JSX} from 'preact';
import {useId} from 'preact/hooks';
import type {Refusal} from '../data/client.ts';

/**
 * A labelled input with what is wrong beside it. `children` gets the attributes that tie the three together.
 *
 * Example: `<Field label="Quantity" unit="pieces" problem={problemAt(refusal, 'body.qty')}>{(tie) => <input {...tie} type="number" />}</Field>`
 */
export function Field({
  label,
  unit,
  hint,
  problem,
  children,
}: {
  readonly label: string;
  readonly unit?: string;
  readonly hint?: string;
  readonly problem?: string | null;
  readonly children: (tie: {
    id: string;
    'aria-describedby': string;
    'aria-invalid': boolean;
  }) => ComponentChildren;
}): JSX.Element {
  const id = useId();
  const wrong = problem !== undefined && problem !== null;
  return (
    <div class={wrong ? 'field wrong' : 'field'}>
      <label for={id}>
        {label}
        {unit !== undefined && <span class="quiet"> ({unit})</span>}
      </label>
      {children({id, 'aria-describedby': `${id}-more`, 'aria-invalid': wrong})}
      <p id={`${id}-more`} class={wrong ? 'problem' : 'quiet'} role={wrong ? 'alert' : undefined}>
        {wrong ? problem : hint}
      </p>
    </div>
  );
}

/** What a refusal says about one field ('body.qty' and what is under it); null when nothing. */
export function problemAt(refusal: Refusal | null, path: string): string | null {
  const found = refusal?.details.filter((one) => one.path === path || one.path.startsWith(`${path}.`)) ?? [];
  return found.length === 0 ? null : found.map(({what, nextStep}) => `${what}. ${nextStep}`).join(' ');
}
