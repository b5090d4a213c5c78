import {createReadStream} from 'node:fs';
import {access} from 'node:fs/promises';
import path from 'node:path';
import {createGunzip} from 'node:zlib';
import {parse} from 'csv-parse';
import {OperationalFault} from '../../domain/fault.ts';
import {HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {ReplayMessage, ReplaySource} from './source.ts';
import {azureNetwork, equipmentIdOf, SIGNALS, siteIdOf} from './azure-network.ts';

/** A telemetry row stamped T holds the hours T−1, T and T+1: it cannot be known before T + 1 h. */
const TELEMETRY_DELAY_MS = HOUR_MS;
/** Same-hour order: what broke is told before what was done about it. */
const RANK = {error: 0, failure: 1, maintenance: 2, telemetry: 3} as const;

type Row = Record<string, string>;

/**
 * The Microsoft Azure predictive-maintenance example set (100 simulated machines, 2015), as its equipment would have sent it:
 * 3-hour telemetry, errors, failures and component replacements. The supply network around it is composed.
 */
export async function azurePdm(folder: string): Promise<ReplaySource> {
  const file = (name: string): string => path.join(folder, name);
  for (const name of ['PdM_machines', 'telemetry_3h', 'PdM_errors', 'PdM_maint', 'PdM_failures']) {
    await access(file(`${name}.csv.gz`)).catch((cause: unknown) => {
      throw new OperationalFault(
        'replay-input',
        `${file(`${name}.csv.gz`)} is not there; --dir names the folder of the azure-pdm set`,
        {
          retryable: false,
          cause,
        },
      );
    });
  }
  const machines = await rowsOf(file('PdM_machines.csv.gz'), ['machineID', 'model', 'age']);
  const messages: ReplayMessage[] = [];
  const counters = new Map<string, number>();
  for await (const row of read(file('telemetry_3h.csv.gz'), [
    'datetime',
    'machineID',
    ...SIGNALS.map((signal) => signal.column),
  ])) {
    const at = instantOf(row['datetime']!);
    const values = Object.fromEntries(SIGNALS.map(({name, column}) => [name, Number(row[column])]));
    messages.push(message('telemetry', row['machineID']!, at, epochMs(at + TELEMETRY_DELAY_MS), {values}));
  }
  for (const row of await rowsOf(file('PdM_errors.csv.gz'), ['datetime', 'machineID', 'errorID'])) {
    const at = instantOf(row['datetime']!);
    messages.push(message('error', row['machineID']!, at, at, {type: 'error', code: row['errorID']!}));
  }
  for (const row of await rowsOf(file('PdM_maint.csv.gz'), ['datetime', 'machineID', 'comp'])) {
    const at = instantOf(row['datetime']!);
    messages.push(
      message('maintenance', row['machineID']!, at, at, {type: 'maintenance', component: row['comp']!}),
    );
  }
  for (const row of await rowsOf(file('PdM_failures.csv.gz'), ['datetime', 'machineID', 'failure'])) {
    const at = instantOf(row['datetime']!);
    messages.push(
      message('failure', row['machineID']!, at, at, {type: 'failure', component: row['failure']!}),
    );
  }
  messages.sort(
    (a, b) => a.arrivesAt - b.arrivesAt || RANK[a.kind] - RANK[b.kind] || (a.order < b.order ? -1 : 1),
  );
  const numbered = messages.map((each) => {
    const seq = (counters.get(each.equipmentId) ?? 0) + 1;
    counters.set(each.equipmentId, seq);
    return {...each, body: {...each.body, boot: 1, seq}};
  });
  const startAt = epochMs(numbered[0]!.arrivesAt - HOUR_MS);
  return {
    name: 'azure-pdm',
    note: 'telemetry and events are the Azure set (itself simulated); depots, suppliers, lead times, prices and stock are composed',
    startAt,
    network: azureNetwork(
      machines.map((row) => ({
        machineId: Number(row['machineID']),
        model: row['model']!,
        ageYears: Number(row['age']),
      })),
      startAt,
    ),
    messages: numbered,
  };
}

function message(
  kind: ReplayMessage['kind'],
  machine: string,
  at: EpochMs,
  arrivesAt: EpochMs,
  content: Record<string, unknown>,
): ReplayMessage {
  const equipmentId = equipmentIdOf(Number(machine));
  const prefix = kind === 'telemetry' ? 'telemetry' : 'event';
  return {
    kind,
    equipmentId,
    arrivesAt,
    order: `${equipmentId}|${JSON.stringify(content)}`,
    topic: `${prefix}/v1/${siteIdOf(Number(machine))}/${equipmentId}`,
    body: {observedAt: toIso(at), ...content},
  };
}

/** The set's stamps are UTC without a zone: '2015-01-01 06:00:00'. */
function instantOf(text: string): EpochMs {
  const at = Date.parse(`${text.replace(' ', 'T')}Z`);
  if (Number.isNaN(at))
    throw new OperationalFault('replay-input', `"${text}" is no instant of the form 2015-01-01 06:00:00`, {
      retryable: false,
    });
  return epochMs(at);
}

async function rowsOf(file: string, columns: readonly string[]): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of read(file, columns)) rows.push(row);
  return rows;
}

async function* read(file: string, columns: readonly string[]): AsyncGenerator<Row> {
  const rows = createReadStream(file)
    .pipe(createGunzip())
    .pipe(parse({columns: true}));
  let first = true;
  for await (const row of rows as AsyncIterable<Row>) {
    const missing = first ? columns.filter((column) => !(column in row)) : [];
    if (missing.length > 0) {
      throw new OperationalFault('replay-input', `${file}: column ${missing.join(', ')} is missing`, {
        retryable: false,
      });
    }
    first = false;
    yield row;
  }
}
