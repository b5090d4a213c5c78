import {useMutation, useQueryClient} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {api, ask} from '../../data/client.ts';
import type {Answer} from '../../data/client.ts';
import {Field} from '../../ui/field.tsx';
import {notify} from '../../ui/notices.tsx';
import {Section} from '../../ui/page.tsx';

import {Table} from '../../ui/table.tsx';

type Class = Answer<'/api/v1/equipment-choices'>['classes'][number];
const NEW = '+';

/** The class whose signals and limits a message is judged by; a new one goes the way of the master data files. */
export function EquipmentClass({
  classes,
  classId,
  choose,
  mayImport,
}: {
  readonly classes: readonly Class[];
  readonly classId: string;
  readonly choose: (classId: string) => void;
  readonly mayImport: boolean;
}): JSX.Element {
  const [adding, setAdding] = useState(false);
  const chosen = classes.find(({equipmentClassId}) => equipmentClassId === classId);
  return (
    <Section title="Equipment class">
      <Field label="Class">
        {(tie) => (
          <select
            {...tie}
            value={adding ? NEW : classId}
            onChange={(event) => {
              const {value} = event.currentTarget;
              setAdding(value === NEW);
              if (value !== NEW) choose(value);
            }}
          >
            <option value="">choose …</option>
            {classes.map(({equipmentClassId, name}) => (
              <option key={equipmentClassId} value={equipmentClassId}>
                {name} ({equipmentClassId})
              </option>
            ))}
            {mayImport && <option value={NEW}>a new one …</option>}
          </select>
        )}
      </Field>
      {adding ? (
        <NewClass
          done={(added) => {
            setAdding(false);
            choose(added);
          }}
        />
      ) : (
        chosen && (
          <Table
            caption={`Signals of ${chosen.name}`}
            rows={chosen.signals}
            rowKey={({signal}) => signal}
            columns={[
              {key: 'signal', title: 'Signal', cell: ({signal}) => signal},
              {key: 'unit', title: 'Unit', cell: ({unit}) => unit},
              {
                key: 'limits',
                title: 'Possible',
                numeric: true,
                cell: ({minValue, maxValue}) => `${minValue} to ${maxValue}`,
              },
            ]}
          />
        )
      )}
    </Section>
  );
}

function NewClass({done}: {readonly done: (classId: string) => void}): JSX.Element {
  const queries = useQueryClient();
  const [form, setForm] = useState({id: '', name: '', intervalS: '600', signals: ''});
  const lines = form.signals.split('\n').filter((line) => line.trim() !== '');
  const adding = useMutation<string>({
    mutationFn: async () => {
      const {imported, mistakes} = await ask(
        api.POST('/api/v1/master-data', {
          body: {
            tables: {
              equipment_class: {
                columns: ['equipment_class_id', 'name', 'expected_interval_s'],
                rows: [[form.id, form.name, form.intervalS]],
              },
              class_signal: {
                columns: ['equipment_class_id', 'signal', 'unit', 'min_value', 'max_value'],
                rows: lines.map((line) => {
                  const [signal = '', unit = '', low = '', high = ''] = line.trim().split(/\s+/);
                  return [form.id, signal, unit, low, high];
                }),
              },
            },
          },
        }),
      );
      if (!imported)
        throw new Error(
          mistakes.map(({column, what, nextStep}) => `${column}: ${what}; ${nextStep}`).join('\n'),
        );
      return form.id;
    },
    onSuccess: async (id) => {
      notify({text: `Class ${id} is in the installed base`, tone: 'good'});
      await queries.invalidateQueries({queryKey: ['equipment-choices']});
      done(id);
    },
  });
  const text = (name: 'id' | 'name' | 'intervalS', label: string): JSX.Element => (
    <Field label={label}>
      {(tie) => (
        <input
          {...tie}
          required
          value={form[name]}
          onInput={(event) => setForm({...form, [name]: event.currentTarget.value})}
        />
      )}
    </Field>
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        adding.mutate();
      }}
    >
      {text('id', 'Id of the class')}
      {text('name', 'Name')}
      {text('intervalS', 'Says something every (seconds)')}
      <Field
        label="Signals"
        hint="One a line: name, unit, lowest and highest possible value: temperature_c degC -40 150"
        problem={adding.error?.message ?? null}
      >
        {(tie) => (
          <textarea
            {...tie}
            class="code"
            rows={5}
            required
            spellcheck={false}
            value={form.signals}
            onInput={(event) => setForm({...form, signals: event.currentTarget.value})}
          />
        )}
      </Field>

      <button type="submit" class="main" disabled={adding.isPending}>
        {adding.isPending ? 'Adding …' : 'Add the class'}
      </button>
    </form>
  );
}
