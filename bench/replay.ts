import {rmSync} from 'node:fs';
import mqtt from 'mqtt';
import {openEngine} from '../cli/engine.ts';
import {HOUR_MS, epochMs, plusMs} from '../domain/time.ts';
import {readConfiguration} from '../platform/configuration.ts';
import {createLogger} from '../platform/log.ts';
import {sendAtOnce} from '../platform/no-delay.ts';
import {readOverlay, redecide, replayWhatIf} from '../replenish/api.ts';
import {createFleet} from '../simulator/fleet.ts';
import {referenceNetwork} from '../simulator/network.ts';
import {openFolder} from '../test/support/open-folder.ts';
import {freePort} from '../test/support/tcp-proxy.ts';
import {repeat} from './measure.ts';
import type {Effort, Figure} from './measure.ts';

const START = epochMs(Date.UTC(2026, 0, 5));
const MACHINES = 200;
const HOURS = 24;
const HISTORY_DAYS = 30;
/** Messages without PUBACK at most. */
const IN_FLIGHT_MAX = 500;

/**
 * Replay at its three depths (invariant I5): a day of the demo's fleet through the whole chain, an hour of world time after the other; its
 * decisions taken again from their recorded inputs; and once more with another policy laid over them.
 */
export async function replay({runs}: Pick<Effort, 'runs'>): Promise<Figure[]> {
  return repeat('replay', runs, replayDay, {
    faster: {unit: `times as fast as the world, ${MACHINES} machines, ${HOURS} h from message to decision`},
    messages: {unit: 'messages/s of that day'},
    again: {unit: 'decisions/s taken again from their recorded inputs'},
    whatIf: {unit: 'decisions/s taken under another policy'},
  });
}

async function replayDay(): Promise<Record<'faster' | 'messages' | 'again' | 'whatIf', number>> {
  const dataDir = openFolder('bench-replay');
  const network = referenceNetwork({seed: 1, startAt: START, machines: MACHINES});
  const fleet = createFleet({seed: 1, network, startAt: START, historyDays: HISTORY_DAYS, autoRepairH: 6});
  const engine = await openEngine({
    configuration: readConfiguration({MQTT_PORT: String(await freePort()), FORESTOCK_DATA_DIR: dataDir}, {}),
    clock: {mode: 'stepped', worldAt: START},
    log: createLogger(process.env['LOG_LEVEL'] ?? 'error'),
    mode: 'auto',
    autoIssue: true,
    prepare: (stages) => stages.network.importMaster(network, 'bench'),
  });
  try {
    await engine.settle();
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${engine.ingest.mqttPort!}`, {
      protocolVersion: 4,
    });
    sendAtOnce(client);
    let sent = 0;
    const dayS = await secondsOf(async () => {
      for (let hour = 1; hour <= HOURS; hour += 1) {
        await engine.clock.advanceTo(plusMs(START, hour * HOUR_MS));
        const messages = fleet.advance(engine.clock.now());
        sent += messages.length;
        for (let from = 0; from < messages.length; from += IN_FLIGHT_MAX) {
          const some = messages.slice(from, from + IN_FLIGHT_MAX);
          await Promise.all(some.map(({topic, payload}) => client.publishAsync(topic, payload, {qos: 1})));
        }
        await engine.settle();
      }
    });
    await client.endAsync();

    const reader = engine.database.pool('forestock_api');
    const {rows} = await reader.query<{id: string}>('SELECT decision_id AS id FROM replenish.decision');
    const againS = await secondsOf(async () => {
      for (const {id} of rows) {
        const outcome = await redecide(reader, id);
        if (outcome?.same !== true) throw new Error(`decision ${id}, taken again, is another`);
      }
    });
    const whatIfS = await secondsOf(async () => {
      const overlay = readOverlay({policy: {reviewH: 48}});
      if (!overlay.ok) throw new Error(overlay.detail);
      await replayWhatIf(reader, {overlay: overlay.value, filter: {}}, () => undefined);
    });
    return {
      faster: Math.round((HOURS * HOUR_MS) / 1000 / dayS),
      messages: Math.round(sent / dayS),
      again: Math.round(rows.length / againS),
      whatIf: Math.round(rows.length / whatIfS),
    };
  } finally {
    await engine.stop();
    rmSync(dataDir, {recursive: true, force: true});
  }
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}
