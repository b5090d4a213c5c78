import {useMutation, useQuery} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {useId, useState} from 'preact/hooks';
import {api, ask, RequestError} from '../../data/client.ts';
import type {Answer} from '../../data/client.ts';
import {Dialog} from '../../ui/dialog.tsx';
import {Field, problemAt} from '../../ui/field.tsx';
import {FormActions} from '../../ui/form-actions.tsx';
import {notify} from '../../ui/notices.tsx';
import {Failure, Loaded} from '../../ui/states.tsx';
import {useMended} from './refresh.ts';
import type {Stranger} from './unknown-equipment.tsx';

type Choices = Answer<'/api/v1/equipment-choices'>;

/** Adds a machine to the installed base and sends everything that waited for it through the door. */
export function AddEquipment({
  stranger,
  close,
}: {
  readonly stranger: Stranger;
  readonly close: () => void;
}): JSX.Element {
  const choices = useQuery({
    queryKey: ['equipment-choices'],
    queryFn: () => ask(api.GET('/api/v1/equipment-choices')),
  });
  return (
    <Dialog title={`Add ${stranger.equipmentId}`} close={close}>
      <Loaded query={choices} what="what it can be">
        {(known) => <AddForm stranger={stranger} choices={known} close={close} />}
      </Loaded>
    </Dialog>
  );
}

function AddForm({
  stranger: {equipmentId, lastTopic, letters},
  choices,
  close,
}: {
  readonly stranger: Stranger;
  readonly choices: Choices;
  readonly close: () => void;
}): JSX.Element {
  const mended = useMended();
  const site = choices.sites.find(({siteId}) => lastTopic.split('/').includes(siteId));
  const [form, setForm] = useState({
    modelId: choices.models.length === 1 ? choices.models[0]!.modelId : '',
    siteId: site?.siteId ?? '',
    customerPartyId: choices.customers.find(({partyId}) => partyId === site?.partyId)?.partyId ?? '',
    depotId: '',
    transitH: '4',
    downtimePerH: '',
    currency: choices.currencies[0] ?? 'EUR',
  });
  const adding = useMutation<string>({
    mutationFn: async () => {
      const {modelId, siteId, customerPartyId, depotId, transitH, downtimePerH, currency} = form;
      await ask(
        api.POST('/api/v1/equipment', {
          body: {
            ...{equipmentId, modelId, siteId, customerPartyId, currency},
            downtimeMinorPerH: Math.round(Number(downtimePerH) * 100),
            depots: [{depotId, transitH: Number(transitH)}],
          } as never,
        }),
      );
      const sent = await ask(
        api.POST('/api/v1/dead-letters/equipment/{equipmentId}/resubmit', {params: {path: {equipmentId}}}),
      );
      return `${equipmentId} is in the installed base; ${sent.messages} of its messages were taken, ${sent.refused} refused`;
    },
    onSuccess: async (text) => {
      notify({text, tone: 'good'});
      close();
      await mended();
    },
  });
  const refusal = adding.error instanceof RequestError ? adding.error.refusal : null;
  const text = (
    name: keyof typeof form,
    field: {label: string; unit?: string; path: string; offered?: readonly (readonly [string, string])[]},
  ): JSX.Element => (
    <TextField
      {...field}
      problem={problemAt(refusal, field.path)}
      value={form[name]}
      set={(value) => setForm({...form, [name]: value})}
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        adding.mutate();
      }}
    >
      <p>
        {letters} messages wait for it; the last came on <span class="long">{lastTopic}</span>.
      </p>
      {text('modelId', {
        label: 'Model',
        path: 'body.modelId',
        offered: choices.models.map(({modelId, name, equipmentClassId}) => [
          modelId,
          `${name} (${equipmentClassId})`,
        ]),
      })}
      {text('siteId', {
        label: 'Site',
        path: 'body.siteId',
        offered: choices.sites.map(({siteId, name}) => [siteId, name]),
      })}
      {text('customerPartyId', {
        label: 'Customer',
        path: 'body.customerPartyId',
        offered: choices.customers.map(({partyId, name}) => [partyId, name]),
      })}
      {text('depotId', {
        label: 'Depot that serves it first',
        path: 'body.depots.0.depotId',
        offered: choices.depots.map(({depotId, siteId}) => [depotId, siteId]),
      })}
      {text('transitH', {
        label: 'From the depot to the machine',
        unit: 'hours',
        path: 'body.depots.0.transitH',
      })}
      {text('downtimePerH', {
        label: 'What an hour of standing still costs',
        unit: form.currency,
        path: 'body.downtimeMinorPerH',
      })}
      {text('currency', {label: 'Currency', path: 'body.currency'})}
      {adding.error && <Failure error={adding.error} />}
      <FormActions action="Add it and take what waits" isBusy={adding.isPending} close={close} />
    </form>
  );
}

function TextField({
  label,
  unit,
  problem,
  offered,
  value,
  set,
}: {
  readonly label: string;
  readonly unit?: string;
  readonly problem: string | null;
  readonly offered?: readonly (readonly [string, string])[];
  readonly value: string;
  readonly set: (value: string) => void;
}): JSX.Element {
  const list = useId();
  return (
    <Field label={label} {...(unit === undefined ? {} : {unit})} problem={problem}>
      {(tie) => (
        <>
          <input
            {...tie}
            required
            list={offered === undefined ? undefined : list}
            inputMode={unit === undefined ? 'text' : 'decimal'}
            value={value}
            onInput={(event) => set(event.currentTarget.value)}
          />
          {offered !== undefined && (
            <datalist id={list}>
              {offered.map(([id, about]) => (
                <option key={id} value={id}>
                  {about}
                </option>
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}
