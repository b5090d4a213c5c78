import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {useMutation, useQuery} from '@tanstack/preact-query';
import {RequestError, api, ask} from '../../data/client.ts';
import {Field, problemAt} from '../../ui/field.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Failure, Loading} from '../../ui/states.tsx';
import {LAPSING, NOTHING_TYPED, PATHS, bodyOf} from './overlay-form.ts';
import type {Typed} from './overlay-form.ts';
import {WhatIfResult} from './what-if-result.tsx';

const EXAMPLE = '{"contracts": [{"contractId": "SLA-CUST-04", "waived": true}]}';

/** Another world laid over the recorded decisions: which of them would have been others, and what that costs. Writes nothing. */
export default function WhatIf(): JSX.Element {
  const [typed, setTyped] = useState<Typed>(NOTHING_TYPED);
  const [mistake, setMistake] = useState<string | null>(null);
  const run = useMutation({
    mutationFn: (asked: Typed) => ask(api.POST('/api/v1/what-if', {body: bodyOf(asked)})),
  });
  const models = useQuery({queryKey: ['models'], queryFn: () => ask(api.GET('/api/v1/models'))});
  const refusal = run.error instanceof RequestError ? run.error.refusal : null;
  const set = (key: keyof Typed, value: string): void => {
    setMistake(null);
    setTyped((now) => ({...now, [key]: value}));
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    try {
      bodyOf(typed);
    } catch (error) {
      setMistake(`This is no JSON: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    run.mutate(typed);
  };
  const named = Object.values(PATHS).some((path) => path !== PATHS.more && problemAt(refusal, path) !== null);
  const text = (key: keyof Typed, label: string, more: {unit?: string; hint?: string} = {}): JSX.Element => (
    <Field label={label} {...more} problem={problemAt(refusal, PATHS[key])}>
      {(tie) => (
        <input
          {...tie}
          value={typed[key]}
          onInput={({currentTarget: {value}}) => set(key, value)}
          autocomplete="off"
        />
      )}
    </Field>
  );
  return (
    <Page title="What if">
      <Section title="Another world">
        <p class="quiet">
          Each decision of these days is taken anew from what it was taken from, with what you state laid
          over. Each by itself: what an earlier one would have ordered otherwise is on no later shelf. Nothing
          is written.
        </p>
        <form onSubmit={submit} noValidate>
          <div class="columns">
            <div>
              {text('days', 'Look back', {unit: 'days'})}
              {text('partId', 'Part', {hint: 'Empty: all parts'})}
              {text('depotId', 'Depot', {hint: 'Empty: all depots'})}
            </div>
            <div>
              {text('addOnHand', 'More on hand', {unit: 'pieces', hint: 'Negative: fewer'})}
              {text('leadTimeScale', 'Lead times times', {hint: '1.5: half as long again'})}
              {text('marginShare', 'Margin that an option must save', {
                unit: 'share',
                hint: '0.05: five per cent of what waiting costs',
              })}
            </div>
            <div>
              {text('priceScale', 'Prices times', {hint: '1.1: ten per cent dearer'})}
              {text('shortageScale', 'Cost of waiting times', {hint: '2: each hour costs twice as much'})}
              <Field label="Contract terms" problem={problemAt(refusal, PATHS.lapsed)}>
                {(tie) => (
                  <select
                    {...tie}
                    value={typed.lapsed}
                    onChange={({currentTarget: {value}}) => set('lapsed', value)}
                  >
                    <option value="">as agreed</option>
                    {Object.entries(LAPSING).map(([type, name]) => (
                      <option key={type} value={type}>
                        without {name}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
              <Field label="Forecasts" problem={problemAt(refusal, PATHS.model)}>
                {(tie) => (
                  <select
                    {...tie}
                    value={typed.model}
                    onChange={({currentTarget: {value}}) => set('model', value)}
                  >
                    <option value="recorded">as recorded</option>
                    <option value="age">by age alone</option>
                    {models.data?.models.map(({modelVersionId}) => (
                      <option key={modelVersionId} value={modelVersionId}>
                        by {modelVersionId}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
              {text('hazardScale', 'Failures times', {hint: '2: each hazard twice as high'})}
            </div>
          </div>
          <Field
            label="Further entries"
            hint={`Other terms, contracts, lanes and more as JSON, for example ${EXAMPLE}`}
            problem={mistake ?? (named ? null : problemAt(refusal, PATHS.more))}
          >
            {(tie) => (
              <textarea
                {...tie}
                rows={3}
                value={typed.more}
                onInput={({currentTarget: {value}}) => set('more', value)}
              />
            )}
          </Field>
          <button class="main" disabled={run.isPending}>
            See the difference
          </button>
        </form>
      </Section>
      {run.isPending && <Loading what="decisions, and taking them anew" />}
      {run.error !== null && refusal?.error !== 'invalid-request' && <Failure error={run.error} />}
      {run.data !== undefined && <WhatIfResult answer={run.data} />}
    </Page>
  );
}
