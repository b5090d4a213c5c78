import type {JSX} from 'preact';
import {useMemo, useState} from 'preact/hooks';
import {Chart} from '../../ui/chart.tsx';
import {Field} from '../../ui/field.tsx';
import {percent} from '../../ui/chance.ts';
import {hours} from '../../ui/instant.tsx';
import {Section} from '../../ui/page.tsx';
import {Empty} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';

interface Metrics {
  readonly rows: number;
  readonly failures: number;
  readonly brier: number;
  readonly logLoss: number;
  readonly averagePrecision: number;
  readonly calibrationError: number;
}
interface Bin {
  readonly rows: number;
  /** Mean probability stated in this bin, and the share that failed: 0 to 1. */
  readonly said: number;
  readonly seen: number;
}
interface Quality {
  readonly horizonH: number;
  readonly model: Metrics;
  readonly age: Metrics;
  readonly brierSkillOverAge: number;
  readonly reliability: readonly Bin[];
}

/** What training measured on machines that the model had never seen. A card is data of its own: what it lacks is said. */
export function Card({card}: {readonly card: Readonly<Record<string, unknown>>}): JSX.Element {
  const quality = qualityOf(card);
  const limits = Array.isArray(card['limits']) ? card['limits'].filter((one) => typeof one === 'string') : [];
  return (
    <Section title="Card">
      {quality.length === 0 ? (
        <Empty>This card holds no figures by horizon.</Empty>
      ) : (
        <>
          <Figures quality={quality} />
          <Reliability quality={quality} />
        </>
      )}
      {limits.length > 0 && (
        <>
          <h3>Limits</h3>
          <ul>
            {limits.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

function Figures({quality}: {readonly quality: readonly Quality[]}): JSX.Element {
  const pair = (name: keyof Metrics, digits: number) => (one: Quality) =>
    `${one.model[name].toFixed(digits)} / ${one.age[name].toFixed(digits)}`;
  return (
    <Table
      caption="Figures on held-out machines by horizon: model / age law"
      rows={quality}
      rowKey={({horizonH}) => String(horizonH)}
      columns={[
        {key: 'horizon', title: 'Within', cell: ({horizonH}) => hours(horizonH)},
        {
          key: 'failures',
          title: 'Failures of forecasts',
          numeric: true,
          cell: ({model}) => `${model.failures} of ${model.rows}`,
        },
        {key: 'brier', title: 'Brier, model / age', numeric: true, cell: pair('brier', 4)},
        {
          key: 'skill',
          title: 'Better than age',
          numeric: true,
          cell: ({brierSkillOverAge}) => percent(brierSkillOverAge),
        },
        {
          key: 'precision',
          title: 'Average precision, model / age',
          numeric: true,
          cell: pair('averagePrecision', 3),
        },
        {
          key: 'calibration',
          title: 'Calibration error, model / age',
          numeric: true,
          cell: pair('calibrationError', 4),
        },
      ]}
    />
  );
}

/** Said against seen: a right model lies on the dashed line. */
function Reliability({quality}: {readonly quality: readonly Quality[]}): JSX.Element {
  const [horizonH, setHorizonH] = useState(quality.at(-1)!.horizonH);
  const bins = quality.find((one) => one.horizonH === horizonH)?.reliability ?? [];
  const [x, series] = useMemo(() => {
    const said = bins.map((bin) => bin.said * 100);
    return [
      said,
      [
        {label: 'seen', values: bins.map((bin) => bin.seen * 100), tone: 'act', points: true},
        {label: 'a right model', values: said, tone: 'quiet', dash: true},
      ],
    ] as const;
  }, [bins]);
  return (
    <>
      <h3>Said and seen on held-out machines</h3>
      <Field label="Within">
        {(tie) => (
          <select
            {...tie}
            value={horizonH}
            onChange={(event) => setHorizonH(Number(event.currentTarget.value))}
          >
            {quality.map((one) => (
              <option key={one.horizonH} value={one.horizonH}>
                {hours(one.horizonH)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {bins.length === 0 ? (
        <Empty>The card holds no reliability diagram for this horizon.</Empty>
      ) : (
        <Chart x={x} series={series} time={false} unit="% seen" xUnit="% said" summary={inWords(bins)} />
      )}
    </>
  );
}

/** 'Said 0.3 %, seen 0.5 % (635 forecasts); …' */
function inWords(bins: readonly Bin[]): string {
  return bins
    .map(({said, seen, rows}) => `said ${percent(said)}, seen ${percent(seen)} (${rows} forecasts)`)
    .join('; ');
}

function qualityOf(card: Readonly<Record<string, unknown>>): readonly Quality[] {
  const {quality} = card;
  if (!Array.isArray(quality)) return [];
  return (quality as Partial<Quality>[]).flatMap((one) =>
    one.horizonH === undefined || one.model === undefined || one.age === undefined
      ? []
      : [{reliability: [], brierSkillOverAge: 0, ...one} as unknown as Quality],
  );
}
