import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {useQuery} from '@tanstack/preact-query';
import {api, ask} from '../../data/client.ts';
import type {Answer} from '../../data/client.ts';
import {useSession} from '../../data/session.ts';
import {Badge} from '../../ui/figures.tsx';
import {Instant} from '../../ui/instant.tsx';
import {usePageIds} from '../../ui/page-ids.ts';
import {Page, Section} from '../../ui/page.tsx';
import {Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {EndOrRecover, RollBack} from './acts.tsx';
import {Card} from './card.tsx';
import {Compare} from './compare.tsx';
import {Gate} from './gate.tsx';
import {StandingLine} from './standing.tsx';
import {Watch} from './watch.tsx';

type OneModel = Answer<'/api/v1/models/{modelVersionId}'>;
type Act = 'roll back' | 'retire' | 'recover';

/** One version: what it is, whether it may be more, what its card says and what came of its forecasts. */
export default function ModelPage(): JSX.Element {
  const {modelVersionId} = usePageIds('modelVersionId');
  const model = useQuery({
    queryKey: ['models', modelVersionId],
    queryFn: () => ask(api.GET('/api/v1/models/{modelVersionId}', {params: {path: {modelVersionId}}})),
  });
  return (
    <Page title={`Model ${modelVersionId}`} actions={model.data && <Acts model={model.data} />}>
      <Loaded query={model} what="the model">
        {(one) => (
          <>
            <Section title="What it is">
              {one.standings.map((standing) => (
                <StandingLine key={standing.equipmentClassId} standing={standing} />
              ))}
              <p class="quiet">
                Taught on {one.source}. Manifest <code class="long">{one.manifestSha256}</code>
              </p>
            </Section>
            {one.standings.some(({state}) => state !== 'champion') && <Gate model={one} />}
            <Card card={one.card} />
            <Watch said={modelVersionId} />
            <Compare model={one} />
            <History history={one.history} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Acts({model}: {readonly model: OneModel}): JSX.Element | null {
  const session = useSession();
  const [act, setAct] = useState<Act | null>(null);
  if (session.data?.can('models.operate') !== true) return null;
  const is = (state: string): boolean => model.standings.some((one) => one.state === state);
  const close = (): void => setAct(null);
  return (
    <>
      {is('champion') && <button onClick={() => setAct('roll back')}>Roll back …</button>}
      {is('shadow') && <button onClick={() => setAct('retire')}>Retire …</button>}
      {is('fallen-back') && <button onClick={() => setAct('recover')}>Put back …</button>}
      {act === 'roll back' && <RollBack models={[model]} close={close} />}
      {(act === 'retire' || act === 'recover') && (
        <EndOrRecover modelVersionId={model.modelVersionId} act={act} close={close} />
      )}
    </>
  );
}

function History({history}: {readonly history: OneModel['history']}): JSX.Element {
  return (
    <Section title="History">
      <Table
        caption="States of this version, newest first"
        rows={history.toReversed()}
        rowKey={({fromAt, equipmentClassId, event}) => `${fromAt} ${equipmentClassId} ${event}`}
        columns={[
          {key: 'when', title: 'When', cell: ({fromAt}) => <Instant at={fromAt} year />},
          {key: 'event', title: 'What', cell: ({event, equipmentClassId}) => `${event}, ${equipmentClassId}`},
          {key: 'state', title: 'Then', cell: ({state}) => <Badge>{state}</Badge>},
          {key: 'actor', title: 'By', cell: ({actor}) => actor},
          {key: 'reason', title: 'Why', cell: ({reason}) => reason},
        ]}
      />
    </Section>
  );
}
