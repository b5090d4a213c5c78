import {setTimeout as pause} from 'node:timers/promises';
import mqtt from 'mqtt';
import type {Committed} from '../replenish/ports.ts';
import {load, repeat} from './measure.ts';
import type {Effort, Figure} from './measure.ts';
import {machineId, SITE} from './network.ts';
import {quantile} from './quantiles.ts';
import {startService} from './service.ts';
import type {Service} from './service.ts';
import {sendAtOnce} from '../platform/no-delay.ts';

/** Machines of the open-loop telemetry; probes come from machines after them. */
const LOAD_MACHINES = 2000;
const READINGS_PER_S = 2000;
const PROBES_PER_S = 10;
/** Decisions of a run's first seconds count apart: in the first run they are the first that this process ever makes. */
const FIRST_SECONDS = 2;
/** Signals of one group within this time are one decision (replenish/main.ts). */
const COALESCE_MS = 100;

/**
 * From the moment equipment sends to the committed decision, with 2,000 readings a second going on beside it. A probe says
 * that a component was replaced; its first forecast raises a signal, and the decision linked to that signal is the answer.
 * The forecast itself is as old as its signal, which is written in the same transaction.
 */
export async function latency({runs, seconds}: Effort): Promise<Figure[]> {
  const probes = runs * (FIRST_SECONDS + seconds) * PROBES_PER_S;
  const committedAt = new Map<string, number[]>();
  const decided = ({decisionId}: Committed): void => {
    committedAt.set(decisionId, [...(committedAt.get(decisionId) ?? []), Date.now()]);
  };
  const service = await startService(LOAD_MACHINES + probes, {}, {decided});
  try {
    return await repeat('latency', runs, (nth) => measure(service, committedAt, seconds, nth), {
      forecastP99: {unit: 'ms, message sent → its forecast written', goal: {below: 100}},
      p50: {unit: 'ms, message sent → decision committed, coalescing window included'},
      p99: {unit: 'ms, message sent → decision committed, coalescing window included'},
      p99Beyond: {unit: `ms, the same beyond the coalescing window of ${COALESCE_MS} ms`, goal: {below: 250}},
      firstBeyond: {
        unit: `ms, the longest of the first ${FIRST_SECONDS} s, which do not count above; cold in the first run`,
      },
      probes: {unit: 'decisions measured'},
    });
  } finally {
    await service.stop();
  }
}

async function measure(
  service: Service,
  committedAt: ReadonlyMap<string, readonly number[]>,
  seconds: number,
  nth: number,
): Promise<Record<string, number>> {
  const background = load({
    url: service.mqttUrl,
    connections: 8,
    inFlightMax: 500,
    machines: LOAD_MACHINES,
    valuesPerMessage: 4,
    seconds: FIRST_SECONDS + seconds + 2,
    warmUpSeconds: 3,
    perSecond: READINGS_PER_S,
    boot: nth,
  });
  await pause(4000);
  const client = await mqtt.connectAsync(service.mqttUrl, {protocolVersion: 4, clientId: `probes-${nth}`});
  sendAtOnce(client);
  const sentAt = new Map<string, number>();
  const firstProbes = FIRST_SECONDS * PROBES_PER_S;
  const probes = firstProbes + seconds * PROBES_PER_S;
  const first = LOAD_MACHINES + (nth - 1) * probes;
  const early = new Set<string>();
  for (let i = 0; i < probes; i += 1) {
    const id = machineId(first + i);
    const serial = `${id}.main.2`;
    sentAt.set(serial, Date.now());
    if (i < firstProbes) early.add(serial);
    const event = {type: 'part-replaced', component: 'main', partSerial: serial};
    const payload = JSON.stringify({observedAt: new Date().toISOString(), boot: 1, seq: 1, ...event});
    client.publish(`event/v1/${SITE}/${id}`, payload, {qos: 1});
    await pause(1000 / PROBES_PER_S);
  }
  await client.endAsync();
  await background;
  const {rows} = await service.engine.database
    .pool('forestock_api')
    .query<{component: string; decision_id: string; forecast_at: number}>(
      `SELECT split_part(s.cause_ref, '|', 1) AS component, d.decision_id, (extract(epoch FROM s.wall_at) * 1000)::float8 AS forecast_at
         FROM replenish.demand_signal s JOIN replenish.decision_signal d USING (signal_id) WHERE s.cause_kind = 'forecast'`,
    );
  const answers = rows.flatMap(({component, decision_id: id, forecast_at: forecastAt}) => {
    const sent = sentAt.get(component);
    if (sent === undefined) return [];
    // A signal that changes nothing is linked to the group's last decision, which was then committed before.
    const committed = committedAt.get(id)?.find((at) => at >= sent);
    return committed === undefined
      ? []
      : [{ms: committed - sent, forecastMs: forecastAt - sent, counts: !early.has(component)}];
  });
  const counted = answers.filter(({counts}) => counts);
  const latencies = counted.map(({ms}) => ms);
  const forecasts = counted.map(({forecastMs}) => forecastMs);
  return {
    forecastP99: Math.round(quantile(forecasts, 0.99)),
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    p99Beyond: quantile(latencies, 0.99) - COALESCE_MS,
    firstBeyond: Math.max(...answers.filter(({counts}) => !counts).map(({ms}) => ms)) - COALESCE_MS,
    probes: latencies.length,
  };
}
