import {Counter, Gauge, Registry, collectDefaultMetrics} from 'prom-client';
import type {ConsolePorts} from './ports.ts';
import {readGauges} from './gauges.ts';
import type {Gauges} from './gauges.ts';

/** The registry behind /metrics. What rows tell is counted in the database when asked; labels stay few, ids never appear. */
export function createMetrics(ports: ConsolePorts): Registry {
  const registry = new Registry();
  collectDefaultMetrics({register: registry});
  if (ports.vitals !== null) processMetrics(registry, ports.vitals);
  databaseMetrics(registry, ports);
  return registry;
}

function processMetrics(registry: Registry, vitals: NonNullable<ConsolePorts['vitals']>): void {
  const registers = [registry];
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  counter('forestock_packets_total', 'Packets that came in', () => vitals.counts().packets);
  counter('forestock_messages_accepted_total', 'Messages handed to the bus', () => vitals.counts().accepted);
  counter(
    'forestock_packets_refused_for_now_total',
    'Packets left with their sender because they could not be stored',
    () => vitals.counts().refusedForNow,
  );
  counter('forestock_messages_stored_total', 'Messages committed', () => vitals.counts().stored);
  counter(
    'forestock_messages_repeated_total',
    'Messages that were stored before',
    () => vitals.counts().repeated,
  );
  counter(
    'forestock_messages_conflicting_total',
    'Messages with the identity of another one',
    () => vitals.counts().conflicts,
  );
  counter('forestock_rows_poisoned_total', 'Rows that the database refused', () => vitals.counts().poisoned);
  counter(
    'forestock_store_failures_total',
    'Batches that could not be committed and were tried again',
    () => vitals.counts().storeFailures,
  );
  new Counter({
    name: 'forestock_messages_rejected_total',
    help: 'Messages refused, by reason (docs/errors.md)',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(vitals.counts().rejected)) this.inc({reason}, count);
    },
  });
  new Gauge({
    name: 'forestock_stage_failures_in_a_row',
    help: 'Failures in a row of each stage; 0 when its last run was fine',
    labelNames: ['stage'],
    registers,
    collect() {
      for (const [stage, failures] of Object.entries(vitals.loopFailures())) this.set({stage}, failures);
    },
  });
  new Gauge({
    name: 'forestock_models_refused',
    help: 'Model versions that this process could not verify and does not load; the log names each',
    registers,
    collect() {
      this.set(vitals.modelsRefused());
    },
  });
  new Gauge({
    name: 'forestock_model_backend_info',
    help: 'The active TensorFlow.js backend is 1, those passed over are 0',
    labelNames: ['backend'],
    registers,
    collect() {
      const {active, passedOver} = vitals.modelBackend;
      for (const {name} of passedOver) this.set({backend: name}, 0);
      this.set({backend: active}, 1);
    },
  });
}

/** One round of queries per scrape, shared by all gauges. */
function databaseMetrics(registry: Registry, {db}: ConsolePorts): void {
  let round: Promise<Gauges> | null = null;
  const read = (): Promise<Gauges> =>
    (round ??= readGauges(db).finally(() => {
      round = null;
    }));
  const gauge = (
    name: string,
    help: string,
    labelNames: readonly string[],
    samples: (gauges: Gauges) => readonly (readonly [Record<string, string>, number])[],
  ): void => {
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      async collect() {
        this.reset();
        for (const [labels, value] of samples(await read())) this.set(labels, value);
      },
    });
  };
  gauge(
    'forestock_components_forecast',
    'Components by the method of their latest forecast',
    ['method'],
    (g) => g.forecasts.map(({method, n}) => [{method}, n]),
  );
  gauge('forestock_decisions', 'Decisions by action and state', ['action', 'state'], (g) =>
    g.decisions.map(({action, state, n}) => [{action, state}, n]),
  );
  gauge('forestock_alerts_open', 'Alerts not cleared, by kind', ['kind'], (g) =>
    g.alerts.map(({kind, n}) => [{kind}, n]),
  );
  gauge(
    'forestock_outbox_effects',
    'Effects not delivered: pending are tried again, dead wait for a replay',
    ['state'],
    (g) => [
      [{state: 'pending'}, g.outbox.pending],
      [{state: 'dead'}, g.outbox.dead],
    ],
  );
  gauge('forestock_lag_rows', 'Committed rows that a stage has still to read', ['stage'], (g) => [
    [{stage: 'network'}, g.lag.network],
    [{stage: 'predict'}, g.lag.predict],
    [{stage: 'replenish'}, g.lag.signals],
  ]);
  const watched = (of: 'expected' | 'observed' | 'breached') => (g: Gauges) =>
    g.watched.map((one) => [{class: one.equipmentClass, by: one.said}, one[of]] as const);
  gauge(
    'forestock_watched_failures_expected',
    'Failures within 28 days that the watched forecasts stated, as the last night found it',
    ['class', 'by'],
    watched('expected'),
  );
  gauge(
    'forestock_watched_failures_observed',
    'Failures that came of those forecasts',
    ['class', 'by'],
    watched('observed'),
  );
  gauge(
    'forestock_watched_out_of_bounds',
    '1 where the last night found forecasts out of bounds (forestock model watch)',
    ['class', 'by'],
    watched('breached'),
  );
  gauge(
    'forestock_maintenance_completed_timestamp_seconds',
    'World time of the last nightly round of a stage that did all its work; 0: none yet',
    ['stage'],
    (g) => g.maintenance.map(({stage, completedAt}) => [{stage}, (completedAt ?? 0) / 1000]),
  );
  gauge(
    'forestock_maintenance_failing',
    'Kinds of rows that the last nightly round of a stage failed at; tried again every hour',
    ['stage'],
    (g) => g.maintenance.map(({stage, failing}) => [{stage}, failing]),
  );
  gauge('forestock_audit_unsealed_rows', 'Audit entries that wait for their seal', [], (g) => [
    [{}, g.audit.unsealed],
  ]);
  gauge(
    'forestock_audit_unsealed_oldest_seconds',
    'Age of the oldest audit entry that waits for its seal',
    [],
    (g) => [[{}, g.audit.oldestS]],
  );
  gauge(
    'forestock_outbox_oldest_seconds',
    'Age of the oldest effect that is due and not delivered',
    [],
    (g) => [[{}, g.outbox.oldestS]],
  );
}
