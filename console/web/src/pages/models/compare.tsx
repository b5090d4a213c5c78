import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {useQuery} from '@tanstack/preact-query';
import {Link} from 'wouter-preact';
import {api, ask} from '../../data/client.ts';
import type {Answer} from '../../data/client.ts';
import {Field} from '../../ui/field.tsx';
import {Money, moneyText} from '../../ui/figures.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {hours, Instant} from '../../ui/instant.tsx';
import {Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {actText} from '../act-text.ts';
import type {Model} from './standing.tsx';

type Comparison = Answer<'/api/v1/models/{modelVersionId}/compare'>;
type Live = Comparison['live'][number];

/** This version beside another of its classes: on the same forecasts, and in the decisions that would differ. */
export function Compare({model}: {readonly model: Model}): JSX.Element {
  const [chosen, setChosen] = useState<string | null>(null);
  const models = useQuery({queryKey: ['models'], queryFn: () => ask(api.GET('/api/v1/models'))});
  const others = (models.data?.models ?? []).filter(
    ({modelVersionId, equipmentClassIds}) =>
      modelVersionId !== model.modelVersionId &&
      equipmentClassIds.some((id) => model.equipmentClassIds.includes(id)),
  );
  const champion = others.find(({standings}) => standings.some(({state}) => state === 'champion'));
  const other = chosen ?? champion?.modelVersionId ?? others[0]?.modelVersionId ?? null;
  const compared = useQuery({
    queryKey: ['models', model.modelVersionId, 'compare', other],
    enabled: other !== null,
    queryFn: () =>
      ask(
        api.GET('/api/v1/models/{modelVersionId}/compare', {
          params: {path: {modelVersionId: other!}, query: {with: model.modelVersionId}},
        }),
      ),
  });
  return (
    <Section title="Beside another version">
      {other === null ? (
        <Empty>There is no other version of {model.equipmentClassIds.join(' and ')}.</Empty>
      ) : (
        <>
          <Field label="Compare with" hint="The last 28 days">
            {(tie) => (
              <select {...tie} value={other} onChange={(event) => setChosen(event.currentTarget.value)}>
                {others.map(({modelVersionId}) => (
                  <option key={modelVersionId}>{modelVersionId}</option>
                ))}
              </select>
            )}
          </Field>
          <Loaded query={compared} what="the comparison">
            {(comparison) => (
              <>
                {comparison.live.map((live) => (
                  <LiveFigures key={live.equipmentClassId} live={live} other={other} />
                ))}
                <Decisions comparison={comparison} />
              </>
            )}
          </Loaded>
        </>
      )}
    </Section>
  );
}

function LiveFigures({live, other}: {readonly live: Live; readonly other: string}): JSX.Element {
  const pair = (name: 'brier' | 'calibrationError') => (one: Live['horizons'][number]) =>
    `${one.second?.[name].toFixed(4) ?? '–'} / ${one.first?.[name].toFixed(4) ?? '–'}`;
  return (
    <>
      <h3>Forecasts of {live.equipmentClassId}, live: this version / {other}</h3>
      <Table
        caption={`Live forecasts of both for ${live.equipmentClassId}`}
        rows={live.horizons}
        rowKey={({horizonH}) => String(horizonH)}
        columns={[
          {key: 'horizon', title: 'Within', cell: ({horizonH}) => hours(horizonH)},
          {
            key: 'rows',
            title: 'Failures of forecasts',
            numeric: true,
            cell: ({rows, failures, enough}) => `${failures} of ${rows}${enough ? '' : ' (too few to judge)'}`,
          },
          {key: 'brier', title: 'Brier', numeric: true, cell: pair('brier')},
          {key: 'calibration', title: 'Calibration error', numeric: true, cell: pair('calibrationError')},
        ]}
      />
    </>
  );
}

function Decisions({comparison}: {readonly comparison: Comparison}): JSX.Element {
  const {decisions, spoken, resolved, totals, changed} = comparison;
  return (
    <>
      <h3>Decisions taken again with this version</h3>
      <p>
        Of {decisions} recorded decisions it had forecast for {spoken}; the four weeks of {resolved} are over, and{' '}
        {changed.length} would differ.
      </p>
      {totals.map(({currency, beforeMinor, afterMinor, decisions: n}) => (
        <p key={currency}>
          What came of {n} that differ: {moneyText(beforeMinor, currency)} as taken,{' '}
          {moneyText(afterMinor, currency)} with this version.
        </p>
      ))}
      {changed.length > 0 && (
        <Table
          caption="Decisions that would differ"
          rows={changed.slice(0, 100)}
          rowKey={({decisionId}) => decisionId}
          columns={[
            {
              key: 'part',
              title: 'Part',
              cell: ({partId, decisionId, before}) => (
                <Link href={hrefTo('decisions', decisionId)}>
                  {partId} at {before.depotId}
                </Link>
              ),
            },
            {key: 'when', title: 'Decided', cell: ({decidedAt}) => <Instant at={decidedAt} />},
            {key: 'before', title: 'As taken', cell: ({before}) => actText(before)},
            {key: 'after', title: 'With this version', cell: ({after}) => actText(after)},
            {
              key: 'cost',
              title: 'What came of it, before',
              numeric: true,
              cell: ({before, currency}) => <Money minor={before.expectedMinor} currency={currency} />,
            },
            {
              key: 'costAfter',
              title: 'and after',
              numeric: true,
              cell: ({after, currency}) => <Money minor={after.expectedMinor} currency={currency} />,
            },
          ]}
        />
      )}
    </>
  );
}
