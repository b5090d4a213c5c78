import type {JSX} from 'preact';
import {Link} from 'wouter-preact';
import {Badge, Money} from '../../ui/figures.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {usePageIds} from '../../ui/page-ids.ts';
import {Instant} from '../../ui/instant.tsx';
import {notify} from '../../ui/notices.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Sentence} from '../../ui/sentence.tsx';
import {Loaded} from '../../ui/states.tsx';
import {Alternatives} from './alternatives.tsx';
import {Answer} from './answer.tsx';
import {DemandDrawn} from './demand-drawn.tsx';
import {Forecasts} from './forecasts.tsx';
import {Outcome} from './outcome.tsx';
import {ShelfFigures} from './shelf-figures.tsx';
import {Terms} from './terms.tsx';
import {useTrace, useWhy} from './why-data.ts';
import type {Decision, Trace} from './why-data.ts';

const TONE: Readonly<Record<string, 'good' | 'warn' | 'quiet'>> = {
  proposed: 'warn',
  approved: 'good',
  changed: 'good',
  executed: 'good',
};

/** One decision from the readings to the delivery: also of one that says "nothing, because". */
export default function WhyPage(): JSX.Element {
  const {decisionId} = usePageIds('decisionId');
  const trace = useTrace(decisionId);
  const decision = trace.data?.decision;
  const title =
    decision === undefined ? 'Why' : `${decision.partId} at ${decision.depotId}: ${decision.text}`;
  return (
    <Page title={title} actions={<Sharing decisionId={decisionId} />}>
      <Loaded query={trace} what="the decision">
        {(data) => <Story trace={data} />}
      </Loaded>
    </Page>
  );
}

function Story({trace: {decision, forecasts}}: {readonly trace: Trace}): JSX.Element {
  const why = useWhy(decision.decisionId);
  return (
    <>
      <Verdict decision={decision} />
      <Section title="What the machines say">
        <Loaded query={why} what="readings">
          {({windows}) => <Forecasts forecasts={forecasts} windows={windows} />}
        </Loaded>
      </Section>
      <div class="columns">
        <Section title="Demand until an order is here">
          <Loaded query={why} what="the demand">
            {(data) => <DemandDrawn why={data} />}
          </Loaded>
        </Section>
        <Section title="Stock and pipeline">
          <Loaded query={why} what="the shelf">
            {(data) => <ShelfFigures why={data} />}
          </Loaded>
        </Section>
      </div>
      <Section title="What else could be done">
        <Alternatives decision={decision} />
      </Section>
      <Terms decision={decision} />
      <Outcome decision={decision} />
    </>
  );
}

function Verdict({decision}: {readonly decision: Decision}): JSX.Element {
  const {state, decidedAt, expectedCostMinor, landedMinor, currency, reasons, expiresAt, partId, depotId} =
    decision;
  return (
    <Section title="Decision" actions={<Answer decision={decision} />}>
      <p>
        <Badge tone={TONE[state] ?? 'quiet'}>{state}</Badge> <Instant at={decidedAt} year /> · expected cost{' '}
        <Money minor={expectedCostMinor} currency={currency} />
        {landedMinor > 0 && (
          <>
            , of it to be paid <Money minor={landedMinor} currency={currency} />
          </>
        )}
        {state === 'proposed' && expiresAt !== null && (
          <>
            {' '}
            · can be answered until <Instant at={expiresAt} />
          </>
        )}{' '}
        · <Link href={hrefTo('part-depots', partId, depotId)}>the part there</Link>
      </p>
      <ul>
        {reasons.map(({code, text}) => (
          <li key={code + text}>
            <Sentence>{text}</Sentence>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Sharing({decisionId}: {readonly decisionId: string}): JSX.Element {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(location.href);
      notify({tone: 'good', text: 'The address is in the clipboard.'});
    } catch {
      notify({tone: 'bad', text: `The browser does not give its clipboard; the address is ${location.href}`});
    }
  };
  return (
    <>
      <button onClick={() => void copy()}>Copy link</button>
      <a
        class="button"
        href={`/api/v1/decisions/${decisionId}/trace`}
        download={`decision-${decisionId}.json`}
      >
        JSON
      </a>
    </>
  );
}
