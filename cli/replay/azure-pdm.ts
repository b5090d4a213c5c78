import path from 'node:path';
import {OperationalFault} from '../../domain/fault.ts';
import {HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {azureNetwork, equipmentIdOf, SIGNALS, siteIdOf} from './azure-network.ts';
import type {AzureMachine} from './azure-network.ts';
import {azureRows} from './azure-rows.ts';
import type {AzureRow} from './azure-rows.ts';
import type {ReplayMessage, ReplaySource} from './source.ts';

/** A telemetry row stamped T holds the hours T−1, T and T+1: it cannot be known before T + 1 h. */
const TELEMETRY_DELAY_MS = HOUR_MS;
/** Same-hour order: what broke is told before what was done about it. */
const RANK = {error: 0, failure: 1, maintenance: 2, telemetry: 3} as const;

/**
 * The Microsoft Azure predictive-maintenance example set (100 simulated machines, 2015), as its equipment would have sent it:
 * 3-hour telemetry, errors, failures and component replacements. The supply network around it is composed.
 *
 * @throws OperationalFault 'file-unreadable' at the first thing that is wrong, naming file, line and column
 */
export async function azurePdm(folder: string): Promise<ReplaySource> {
  const file = (name: string): string => path.join(folder, `${name}.csv.gz`);
  const machines = new Map<number, AzureMachine>();
  for await (const row of azureRows(file('PdM_machines'), ['machineID', 'model', 'age'])) {
    const machineId = row.whole('machineID');
    machines.set(machineId, {
      machineId,
      model: row.text('model', /^model\d+$/, 'model such as model1'),
      ageYears: row.whole('age'),
    });
  }
  const machineOf = (row: AzureRow): number => {
    const machineId = row.whole('machineID');
    if (machines.has(machineId)) return machineId;
    throw row.refused('machineID', 'machine of PdM_machines.csv.gz');
  };
  const messages: ReplayMessage[] = [];
  const counters = new Map<string, number>();
  const columns = ['datetime', 'machineID', ...SIGNALS.map((signal) => signal.column)];
  for await (const row of azureRows(file('telemetry_3h'), columns)) {
    const at = row.instant('datetime');
    const values = Object.fromEntries(SIGNALS.map(({name, column}) => [name, row.number(column)]));
    messages.push(message('telemetry', machineOf(row), at, epochMs(at + TELEMETRY_DELAY_MS), {values}));
  }
  const events = async (
    kind: 'error' | 'maintenance' | 'failure',
    name: string,
    column: string,
    read: (row: AzureRow) => Record<string, unknown>,
  ): Promise<void> => {
    for await (const row of azureRows(file(name), ['datetime', 'machineID', column])) {
      const at = row.instant('datetime');
      messages.push(message(kind, machineOf(row), at, at, {type: kind, ...read(row)}));
    }
  };
  const component =
    (column: string) =>
    (row: AzureRow): Record<string, unknown> => ({
      component: row.text(column, /^comp[1-4]$/, 'component, which are comp1 to comp4'),
    });
  await events('error', 'PdM_errors', 'errorID', (row) => ({
    code: row.text('errorID', /^error\d+$/, 'error such as error1'),
  }));
  await events('maintenance', 'PdM_maint', 'comp', component('comp'));
  await events('failure', 'PdM_failures', 'failure', component('failure'));
  messages.sort(
    (a, b) => a.arrivesAt - b.arrivesAt || RANK[a.kind] - RANK[b.kind] || (a.order < b.order ? -1 : 1),
  );
  const numbered = messages.map((each) => {
    const seq = (counters.get(each.equipmentId) ?? 0) + 1;
    counters.set(each.equipmentId, seq);
    return {...each, body: {...each.body, boot: 1, seq}};
  });
  if (numbered.length === 0)
    throw new OperationalFault('folder-unreadable', `${folder} has no telemetry and no event to replay`, {
      retryable: false,
    });
  const startAt = epochMs(numbered[0]!.arrivesAt - HOUR_MS);
  return {
    name: 'azure-pdm',
    note: 'telemetry and events are the Azure set (itself simulated); depots, suppliers, lead times, prices and stock are composed',
    startAt,
    network: azureNetwork([...machines.values()], startAt),
    messages: numbered,
  };
}

function message(
  kind: ReplayMessage['kind'],
  machineId: number,
  at: EpochMs,
  arrivesAt: EpochMs,
  content: Record<string, unknown>,
): ReplayMessage {
  const equipmentId = equipmentIdOf(machineId);
  const prefix = kind === 'telemetry' ? 'telemetry' : 'event';
  return {
    kind,
    equipmentId,
    arrivesAt,
    order: `${equipmentId}|${JSON.stringify(content)}`,
    topic: `${prefix}/v1/${siteIdOf(machineId)}/${equipmentId}`,
    body: {observedAt: toIso(at), ...content},
  };
}
