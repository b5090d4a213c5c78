import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {useQueryClient} from '@tanstack/preact-query';
import {api, ask} from '../../data/client.ts';
import {ActDialog} from '../../ui/act-dialog.tsx';
import {Field} from '../../ui/field.tsx';
import type {Model} from './standing.tsx';

interface Change {
  readonly modelVersionId: string;
  readonly equipmentClassId: string;
  readonly state: string;
}

/** 'chiller-d47416f3 is now champion of chiller'. */
export function changesText(changes: readonly Change[]): string {
  return changes
    .map(
      ({modelVersionId, equipmentClassId, state}) =>
        `${modelVersionId} is now ${state} of ${equipmentClassId}`,
    )
    .join('; ');
}

/** Makes every list that shows standings old. */
export function useModelsChanged(): (changes: readonly Change[]) => Promise<string> {
  const queries = useQueryClient();
  return async (changes) => {
    await Promise.all(
      ['models', 'model-watch'].map((key) => queries.invalidateQueries({queryKey: [key]})),
    );
    return changesText(changes);
  };
}

/** Gives a seat back to the version before. */
export function RollBack({
  models,
  close,
}: {
  readonly models: readonly Model[];
  readonly close: () => void;
}): JSX.Element {
  const changed = useModelsChanged();
  const champions = models.flatMap(({standings, modelVersionId}) =>
    standings.filter(({state}) => state === 'champion').map((one) => ({...one, modelVersionId})),
  );
  const [classId, setClassId] = useState('');
  const chosen = classId === '' ? {} : {equipmentClassId: classId};
  return (
    <ActDialog
      title="Roll a promotion back"
      action="Roll back"
      close={close}
      act={async (reason) => {
        const {changes} = await ask(api.POST('/api/v1/models/rollback', {body: {...chosen, reason}}));
        return changed(changes);
      }}
    >
      <p>
        The version before gets its seat again; where there was none, the class goes back to its age law. Every
        process follows within seconds, without a restart.
      </p>
      <Field label="Which">
        {(tie) => (
          <select {...tie} value={classId} onChange={(event) => setClassId(event.currentTarget.value)}>
            <option value="">the newest promotion, with all its classes</option>
            {champions.map(({equipmentClassId, modelVersionId}) => (
              <option key={equipmentClassId} value={equipmentClassId}>
                {equipmentClassId}: {modelVersionId}
              </option>
            ))}
          </select>
        )}
      </Field>
    </ActDialog>
  );
}

/** Ends a shadow, or puts back one that had fallen back. */
export function EndOrRecover({
  modelVersionId,
  act,
  close,
}: {
  readonly modelVersionId: string;
  readonly act: 'retire' | 'recover';
  readonly close: () => void;
}): JSX.Element {
  const changed = useModelsChanged();
  const params = {path: {modelVersionId}};
  return act === 'retire' ? (
    <ActDialog
      title={`Retire ${modelVersionId}`}
      action="Retire"
      close={close}
      act={async (reason) => {
        const done = await ask(
          api.POST('/api/v1/models/{modelVersionId}/retire', {params, body: {reason}}),
        );
        return changed(done.changes);
      }}
    >
      <p>It forecasts no more, and its folder may go. What it said before stays on record.</p>
    </ActDialog>
  ) : (
    <ActDialog
      title={`Put ${modelVersionId} back`}
      action="Put back"
      close={close}
      act={async (reason) => {
        const done = await ask(
          api.POST('/api/v1/models/{modelVersionId}/recover', {params, body: {reason}}),
        );
        return changed(done.changes);
      }}
    >
      <p>It forecasts again for its classes; what it said before does not count against it.</p>
    </ActDialog>
  );
}
