import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {z} from 'zod';
import {createMetrics} from '../../console/api/metrics.ts';
import type {ConsolePorts} from '../../console/api/ports.ts';

const FOLDER = join(import.meta.dirname, '../../deploy/grafana');

const Dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  panels: z
    .array(
      z.object({
        id: z.int(),
        title: z.string().min(1),
        description: z.string().min(1),
        datasource: z.object({uid: z.string()}),
        gridPos: z.object({x: z.int(), y: z.int(), w: z.int(), h: z.int()}),
        fieldConfig: z.object({defaults: z.object({unit: z.string().min(1)})}),
        targets: z.array(z.object({expr: z.string(), legendFormat: z.string()})).min(1),
      }),
    )
    .min(1),
});

const dashboards = readdirSync(join(FOLDER, 'dashboards')).map((file) =>
  Dashboard.parse(JSON.parse(readFileSync(join(FOLDER, 'dashboards', file), 'utf8')) as unknown),
);
const queries = dashboards.flatMap(({panels}) =>
  panels.flatMap(({title, targets}) => targets.map((target) => ({title, ...target}))),
);

/** One sample of every kind, so that every metric appears with its labels. */
const GAUGES: readonly (readonly [pattern: RegExp, row: object])[] = [
  [/forecast_current/, {method: 'base-rate', n: 1}],
  [/FROM replenish\.decision/, {action: 'order', state: 'executed', n: 1}],
  [/FROM replenish\.alert/, {kind: 'backorder-impact', n: 1}],
  [/FROM platform\.outbox/, {pending: 1, dead: 0, oldestS: 1}],
  [/partition_head/, {network: 1, predict: 1, signals: 1}],
  [/world_timer/, {stage: 'predict', completedAt: 1, failing: 0}],
  [/model_watch/, {equipmentClass: 'chiller', said: 'age', expected: 1, observed: 1, breached: 0}],
  [/audit_unsealed/, {unsealed: 0, oldestS: 0}],
];

const ports = {
  db: {
    query: (sql: string) =>
      Promise.resolve({rows: GAUGES.filter(([pattern]) => pattern.test(sql)).map(([, row]) => row)}),
  },
  vitals: {
    counts: () => ({
      ...{packets: 1, accepted: 1, rejected: {'text-number': 1}, refusedForNow: 0, stored: 1},
      ...{repeated: 0, conflicts: 0, poisoned: 0, storeFailures: 0},
    }),
    loopFailures: () => ({predict: 0}),
    modelsRefused: () => 0,
    modelBackend: {active: 'wasm', passedOver: []},
  },
} as unknown as ConsolePorts;

describe('the Grafana dashboards', () => {
  /** Labels of every metric that /metrics has. */
  const labels = new Map<string, Set<string>>();
  beforeAll(async () => {
    const text = await createMetrics(ports).metrics();
    for (const [, name] of text.matchAll(/^# TYPE (\S+)/gm)) labels.set(name!, new Set());
    for (const [, name, inside] of text.matchAll(/^(\w+)\{(.*)\} /gm))
      for (const [, label] of inside!.matchAll(/(\w+)="/g)) labels.get(name!)?.add(label!);
  });

  it('are stream health, models and replenishment, each panel with a unit and a sentence on what it shows', () => {
    expect(dashboards.map(({uid}) => uid).sort()).toEqual([
      'forestock-models',
      'forestock-replenishment',
      'forestock-stream',
    ]);
    for (const {panels} of dashboards) expect(new Set(panels.map(({id}) => id)).size).toBe(panels.length);
  });

  it.each(queries.map(({title, expr, legendFormat}) => [title, expr, legendFormat] as const))(
    'ask only for metrics and labels that /metrics has: %s',
    (_title, expr, legendFormat) => {
      const names = [...expr.matchAll(/\b(?:forestock|nodejs|process)_\w+/g)].map(([name]) => name);
      expect(names.length).toBeGreaterThan(0);
      const known = new Set(names.flatMap((name) => [...(labels.get(name) ?? [])]));
      for (const name of names) expect([...labels.keys()]).toContain(name);
      const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/,\s*/));
      const matched = [...expr.matchAll(/(\w+)\s*(?:=~|!=|!~|=)\s*"/g)].map(([, label]) => label!);
      const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
      const ofPrometheus = new Set(['instance', 'job']);
      for (const label of [...grouped, ...matched, ...shown].filter((one) => !ofPrometheus.has(one)))
        expect([...known], `${label} in ${expr}`).toContain(label);
    },
  );

  it('show every metric of ours but those that another panel says better', () => {
    const asked = queries.map(({expr}) => expr).join(' ');
    const left = [...labels.keys()].filter((name) => name.startsWith('forestock_') && !asked.includes(name));
    expect(left).toEqual([]);
  });

  it('read the data source that is provisioned, from a Prometheus that scrapes every process', () => {
    const yaml = (file: string): unknown => parse(readFileSync(join(FOLDER, file), 'utf8'));
    const sources = z
      .object({datasources: z.array(z.object({uid: z.string(), url: z.string()}))})
      .parse(yaml('provisioning/datasources/forestock.yaml')).datasources;
    for (const {panels} of dashboards)
      for (const {datasource} of panels) expect(datasource.uid).toBe(sources[0]!.uid);
    const {scrape_configs: scraped} = z
      .object({
        scrape_configs: z.array(
          z.object({static_configs: z.array(z.object({targets: z.array(z.string())}))}),
        ),
      })
      .parse(yaml('prometheus.yaml'));
    const compose = parse(readFileSync(join(FOLDER, '../compose.yaml'), 'utf8'), {merge: true}) as {
      services: Record<string, {command?: string[]; environment?: Record<string, string>}>;
    };
    const processes = Object.entries(compose.services).filter(([, {command}]) => command?.[0] === 'start');
    expect(scraped[0]!.static_configs[0]!.targets.sort()).toEqual(
      processes.map(([name]) => `${name}:8080`).sort(),
    );
    for (const [name, {environment}] of processes) expect(environment?.['HTTP_HOST'], name).toBe('0.0.0.0');
  });
});
