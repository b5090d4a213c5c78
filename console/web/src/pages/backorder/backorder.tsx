import type {JSX} from 'preact';
import {useQuery} from '@tanstack/preact-query';
import {Link} from 'wouter-preact';
import {CAUSES, LEVELS, LEVEL_TONE} from '../../data/backorders.ts';
import {api, ask} from '../../data/client.ts';
import type {Reply} from '../../data/client.ts';
import {useSession} from '../../data/session.ts';
import {chance} from '../../ui/chance.ts';
import {Badge, Money} from '../../ui/figures.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {usePageIds} from '../../ui/page-ids.ts';
import {Instant, hours} from '../../ui/instant.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {words} from '../../ui/words.ts';
import {ShareOuts} from '../backorders/share-outs.tsx';
import {CauseForm} from './cause-form.tsx';
import {ReviewForm} from './review-form.tsx';

type Standing = Reply<'/api/v1/backorders/{demandId}'>;
type Line = Reply<'/api/v1/demand/{demandId}'>['line'];

/** One backorder: whom it hits, why it came, what was promised, what is done about it. */
export default function BackorderPage(): JSX.Element {
  const {demandId} = usePageIds('demandId');
  const path = {params: {path: {demandId}}};
  const demand = useQuery({
    queryKey: ['backorders', demandId, 'line'],
    queryFn: () => ask(api.GET('/api/v1/demand/{demandId}', path)),
  });
  const standing = useQuery({
    queryKey: ['backorders', demandId, 'standing'],
    queryFn: () => ask(api.GET('/api/v1/backorders/{demandId}', path)),
  });
  const can = useSession().data?.can ?? (() => false);
  const mayReview = can('backorders.change');
  const line = demand.data?.line;
  const title = line === undefined ? 'Backorder' : `${line.partId} at ${line.depotId} is missing`;
  return (
    <Page title={title}>
      <Loaded query={demand} what="the backorder">
        {(data) => <Facts line={data.line} standing={standing.data} />}
      </Loaded>
      <Loaded query={standing} what="what was found out">
        {(data) => (
          <>
            <div class="columns">
              <Section title="Causes">
                <Causes standing={data} />
                {mayReview && <CauseForm demandId={demandId} correction={data.correction} />}
              </Section>
              <Section title="Review">
                <ReviewForm
                  demandId={demandId}
                  review={data.review}
                  isRed={data.isRed}
                  mayReview={mayReview}
                />
              </Section>
            </div>
            <Promises demandId={demandId} />
            <ShareOuts demandId={demandId} />
            <Steps standing={data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Facts({
  line,
  standing,
}: {
  readonly line: Line;
  readonly standing: Standing | undefined;
}): JSX.Element {
  const {partId, depotId, equipmentId, customerPartyId, tier, qty, filledQty, openQty, impactH, neededAt} =
    line;
  const level = standing?.level ?? null;
  return (
    <Section title="Who waits">
      <p>
        {level !== null && <Badge tone={LEVEL_TONE[level]}>{LEVELS[level]}</Badge>}{' '}
        <strong>
          {openQty} of {qty} missing
        </strong>
        , {filledQty} given, late for {hours(impactH)} since <Instant at={neededAt} year /> · {line.state}
      </p>
      <p>
        {equipmentId !== null && (
          <>
            <Link href={hrefTo('equipment', equipmentId)}>{equipmentId}</Link> of{' '}
          </>
        )}
        {customerPartyId ?? 'a customer'}, {tier}
        {standing !== undefined && standing.waitingMinorPerH > 0 && (
          <>
            {' '}
            · an hour of waiting costs{' '}
            <Money minor={Math.round(standing.waitingMinorPerH)} currency={line.currency} />
          </>
        )}{' '}
        · <Link href={hrefTo('part-depots', partId, depotId)}>the part there</Link>
      </p>
      <p>
        {line.promisedAt === null ? (
          <span class="bad">Nobody can say when it comes.</span>
        ) : (
          <>
            Promised for <Instant at={line.promisedAt} />
            {line.promiseConfidence !== null && `, kept with ${chance(line.promiseConfidence)}`}
          </>
        )}
      </p>
    </Section>
  );
}

function Causes({standing: {causes, correction}}: {readonly standing: Standing}): JSX.Element {
  return (
    <>
      {causes.length === 0 && <Empty>Not looked into yet.</Empty>}
      <ul class="bare">
        {causes.map(({cause, percent, evidence}) => (
          <li key={cause}>
            <strong>{percent} %</strong> {CAUSES[cause]}
            <ul>
              {evidence.map(({kind, ref, pieces}) => (
                <li key={kind + ref}>
                  {kind} {ref}: <span class="quiet">would have brought {pieces}</span>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {correction !== null && (
        <p>
          <Badge tone="warn">corrected</Badge> {CAUSES[correction.cause]}, says {correction.by} on{' '}
          <Instant at={correction.at} />: {correction.reason}
        </p>
      )}
    </>
  );
}

function Promises({demandId}: {readonly demandId: string}): JSX.Element {
  const promises = useQuery({
    queryKey: ['backorders', demandId, 'promises'],
    queryFn: () => ask(api.GET('/api/v1/promises', {params: {query: {demandId}}})),
  });
  return (
    <Section title="Promises">
      <Loaded query={promises} what="promises">
        {({promises: rows}) =>
          rows.length === 0 ? (
            <Empty>No date was promised.</Empty>
          ) : (
            <Table
              caption="Dates promised, the newest first"
              rows={rows}
              rowKey={({promiseNo}) => String(promiseNo)}
              columns={[
                {key: 'at', title: 'Promised for', cell: ({promisedAt}) => <Instant at={promisedAt} />},
                {key: 'p', title: 'Confidence', numeric: true, cell: ({confidence}) => chance(confidence)},
                {key: 'made', title: 'Said on', cell: ({madeAt}) => <Instant at={madeAt} />},
                {
                  key: 'kept',
                  title: 'Kept',
                  cell: ({kept}) =>
                    kept === null ? (
                      <span class="quiet">not known yet</span>
                    ) : (
                      <Badge tone={kept ? 'good' : 'bad'}>{kept ? 'kept' : 'broken'}</Badge>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
    </Section>
  );
}

function Steps({standing: {events}}: {readonly standing: Standing}): JSX.Element {
  return (
    <Section title="Step by step">
      {events.length === 0 && <Empty>Nothing was recorded yet.</Empty>}
      <ol class="steps">
        {events.map(({eventNo, type, actor, at}) => (
          <li key={eventNo}>
            <Instant at={at} />: {words(type)} <span class="quiet">by {actor}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
