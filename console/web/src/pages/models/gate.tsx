import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {useQuery} from '@tanstack/preact-query';
import {api, ask} from '../../data/client.ts';
import type {Answer} from '../../data/client.ts';
import {useSession} from '../../data/session.ts';
import {ActDialog} from '../../ui/act-dialog.tsx';
import {Badge} from '../../ui/figures.tsx';
import {Section} from '../../ui/page.tsx';
import {Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {useModelsChanged} from './acts.tsx';
import type {Model} from './standing.tsx';

type Verdict = Answer<'/api/v1/models/{modelVersionId}/gate'>;

/** What a version must show before it is promoted: each claim with its limit, the figure, and whether it holds. */
export function Gate({model: {modelVersionId}}: {readonly model: Model}): JSX.Element {
  const session = useSession();
  const [promoting, setPromoting] = useState(false);
  const gate = useQuery({
    // A key of its own: a version that has just been promoted is not asked again.
    queryKey: ['model-gate', modelVersionId],
    staleTime: 0,
    queryFn: () => ask(api.GET('/api/v1/models/{modelVersionId}/gate', {params: {path: {modelVersionId}}})),
  });
  const may = session.data?.can('models.operate') === true && gate.data !== undefined;
  return (
    <Section
      title="Gate"
      actions={
        may && (
          <button class="main" onClick={() => setPromoting(true)}>
            Promote …
          </button>
        )
      }
    >
      <Loaded query={gate} what="the gate">
        {(verdict) => <Checks verdict={verdict} />}
      </Loaded>
      {promoting && gate.data && (
        <Promote
          modelVersionId={modelVersionId}
          lacking={gate.data.lacking}
          close={() => setPromoting(false)}
        />
      )}
    </Section>
  );
}

function Checks({verdict: {checks, lacking}}: {readonly verdict: Verdict}): JSX.Element {
  const failed = checks.filter(({passed}) => !passed).length;
  return (
    <>
      <p>
        {failed > 0
          ? `Fails ${failed} of ${checks.length} checks: it stays as it is.`
          : `Passes all ${checks.length} checks that can be asked.`}
      </p>
      {lacking.length > 0 && (
        <>
          <p>It cannot be judged in service yet. It takes</p>
          <ul>
            {lacking.map((what) => (
              <li key={what}>{what}</li>
            ))}
          </ul>
        </>
      )}
      <Table
        caption="Checks of the gate"
        rows={checks}
        rowKey={({claim}) => claim}
        columns={[
          {key: 'claim', title: 'Claim, with its limit', cell: ({claim}) => claim},
          {key: 'figure', title: 'Figure', numeric: true, cell: ({value}) => figure(value)},
          {
            key: 'passed',
            title: 'Holds',
            cell: ({passed}) => (passed ? <Badge tone="good">yes</Badge> : <Badge tone="bad">no</Badge>),
          },
        ]}
      />
    </>
  );
}

/** Three digits that count. Example: 0.00068343 → '0.000683'. */
function figure(value: number): string {
  return value === 0 ? '0' : String(Number(value.toPrecision(3)));
}

function Promote({
  modelVersionId,
  lacking,
  close,
}: {
  readonly modelVersionId: string;
  readonly lacking: readonly string[];
  readonly close: () => void;
}): JSX.Element {
  const changed = useModelsChanged();
  const onCard = lacking.length > 0;
  return (
    <ActDialog
      title={`Promote ${modelVersionId}`}
      action="Promote"
      close={close}
      needsReason={onCard}
      act={async (reason) => {
        const {changes} = await ask(
          api.POST('/api/v1/models/{modelVersionId}/promote', {
            params: {path: {modelVersionId}},
            body: onCard ? {onCardAlone: reason} : {},
          }),
        );
        return changed(changes);
      }}
    >
      <p>
        It becomes champion of its classes, in every process within seconds. The version before stays on record,
        and a roll back gives it its seat again.
      </p>
      {onCard && <p>Evidence from service is lacking: say why its card alone has to do.</p>}
    </ActDialog>
  );
}
