import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {useMutation, useQueryClient} from '@tanstack/preact-query';
import {api, ask, RequestError} from '../../data/client.ts';
import {Field, problemAt} from '../../ui/field.tsx';
import {notify} from '../../ui/notices.tsx';
import {Section} from '../../ui/page.tsx';
import {Failure} from '../../ui/states.tsx';
import {askedBy, textOf} from './draft.ts';
import type {Draft} from './draft.ts';
import {DryRunReport} from './dry-run.tsx';
import {fieldWords} from './field-words.ts';
import type {Parameter} from './parameters.ts';

const DAYS = 28;

/** Fields of a tunable to change: tried on the last days first, then activated from now or from a date. */
export function ChangeForm({
  parameter: {key, value, stated},
  mayChange,
  mayTry,
}: {
  readonly parameter: Parameter;
  readonly mayChange: boolean;
  readonly mayTry: boolean;
}): JSX.Element {
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Draft>({});
  const [days, setDays] = useState(DAYS);
  const [from, setFrom] = useState('');
  const {change, unreadable} = askedBy(draft, value);
  const wish = {change, ...(from === '' ? {} : {from: new Date(from).toISOString()})};
  const nothing = Object.keys(change).length === 0 || Object.keys(unreadable).length > 0;
  const path = {params: {path: {key}}};
  const trying = useMutation<Tried>({
    mutationFn: async () => ({
      of: JSON.stringify(wish),
      report: await ask(api.POST('/api/v1/parameters/{key}/dry-run', {...path, body: {...wish, days}})),
    }),
  });
  const activating = useMutation({
    mutationFn: () => ask(api.PUT('/api/v1/parameters/{key}', {...path, body: wish})),
    onSuccess: async ({changed}) => {
      notify({
        text: changed ? `${key} is changed; the version is below` : `${key} was so already`,
        tone: 'good',
      });
      setDraft({});
      setFrom('');
      trying.reset();
      await queries.invalidateQueries({queryKey: ['parameters']});
    },
  });
  const refusal = refusalOf(activating.error) ?? refusalOf(trying.error);
  const error = activating.error ?? trying.error;
  // Where nothing on record can be taken anew, the service says so, and the change may go without.
  const seen = trying.data?.of === JSON.stringify(wish) || refusal?.error === 'no-dry-run';
  const set = (field: string, text: string | null): void => {
    activating.reset();
    if (refusal?.error !== 'no-dry-run') trying.reset();
    setDraft({...draft, [field]: text});
  };
  return (
    <Section title="In force, and a change">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          activating.reset();
          trying.mutate();
        }}
      >
        <div class="columns">
          {Object.entries(value).map(([field, now]) => (
            <ValueField
              key={field}
              field={field}
              now={now}
              text={draft[field]}
              stated={field in stated}
              problem={unreadable[field] ?? problemAt(refusal, `body.change.${field}`)}
              set={mayChange || mayTry ? (text) => set(field, text) : null}
            />
          ))}
        </div>
        {error && <Failure error={error} />}
        {mayTry && (
          <>
            <div class="columns">
              <Field label="Try it on the last" unit="days" problem={problemAt(refusal, 'body.days')}>
                {(tie) => (
                  <input
                    {...tie}
                    type="number"
                    min={1}
                    max={400}
                    required
                    value={days}
                    onInput={(event) => setDays(event.currentTarget.valueAsNumber)}
                  />
                )}
              </Field>
              <Field
                label="In force from"
                hint="Your time; empty: at once"
                problem={problemAt(refusal, 'body.from')}
              >
                {(tie) => (
                  <input
                    {...tie}
                    type="datetime-local"
                    value={from}
                    onInput={(event) => setFrom(event.currentTarget.value)}
                  />
                )}
              </Field>
            </div>
            <div class="actions">
              <button type="submit" class={seen ? undefined : 'main'} disabled={nothing || trying.isPending}>
                {trying.isPending ? 'Trying …' : 'Dry run'}
              </button>
              {mayChange && (
                <button
                  type="button"
                  class={seen ? 'main' : undefined}
                  disabled={nothing || !seen || activating.isPending}
                  onClick={() => activating.mutate()}
                >
                  {activating.isPending ? 'Activating …' : 'Activate'}
                </button>
              )}
            </div>
            <p class="quiet">
              {nothing
                ? 'Change a field to try it.'
                : seen
                  ? `Changes ${Object.keys(change).join(', ')}.`
                  : 'A dry run shows what would have been different; then it can be activated.'}
            </p>
          </>
        )}
      </form>
      {trying.data && !nothing && <DryRunReport run={trying.data.report} />}
    </Section>
  );
}

interface Tried {
  /** The change that was tried, so that another one is tried anew. */
  readonly of: string;
  readonly report: Parameters<typeof DryRunReport>[0]['run'];
}

function refusalOf(error: Error | null): RequestError['refusal'] | null {
  return error instanceof RequestError ? error.refusal : null;
}

function ValueField({
  field,
  now,
  text,
  stated,
  problem,
  set,
}: {
  readonly field: string;
  readonly now: unknown;
  /** What was typed; undefined: nothing; null: back to what is delivered. */
  readonly text: string | null | undefined;
  readonly stated: boolean;
  readonly problem: string | null;
  readonly set: ((text: string | null) => void) | null;
}): JSX.Element {
  const words = fieldWords(field);
  const shown = text ?? (text === null ? '' : textOf(now));
  const common = {
    value: shown,
    readOnly: set === null || text === null,
    onInput: (event: {currentTarget: {value: string}}) => set?.(event.currentTarget.value),
  };
  const large = typeof now === 'object' && now !== null;
  return (
    <div>
      <Field
        {...words}
        problem={problem}
        hint={`${field}: ${text === null ? 'goes back to what is delivered' : stated ? 'stated here' : 'as delivered'}`}
      >
        {(tie) =>
          large ? (
            <textarea {...tie} {...common} rows={Math.min(8, shown.split('\n').length)} spellcheck={false} />
          ) : (
            <input {...tie} {...common} />
          )
        }
      </Field>
      {stated && set !== null && text !== null && (
        <button type="button" class="plain" onClick={() => set(null)}>
          Set {words.label.toLowerCase()} as delivered
        </button>
      )}
    </div>
  );
}
