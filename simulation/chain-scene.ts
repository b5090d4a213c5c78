import {Device} from './device.ts';
import {DeviceLink} from './device-link.ts';
import {oneProcess} from './installation.ts';
import type {Installation} from './installation.ts';
import {streamOf} from '../simulator/random.ts';
import type {Scene} from './scene.ts';
import {threeProcesses} from './three-processes.ts';
import type {World} from './world.ts';

const PACKETS_MAX = 12;
/** The longest back-off and time-out of each stage, several times. */
const HEALED_WITHIN_MS = 10 * 60_000;

/** Devices, and whatever stores what they say. */
export function chainScene(world: World, shape: 'listener' | 'broker' | 'three processes'): Scene {
  const {random, ledger, seed, time, weather, database} = world;
  const installation: Installation =
    shape === 'three processes' ? threeProcesses(world) : oneProcess(world, shape);
  const {take, answersItself} = installation;
  const links = [...world.equipment.keys()].map(
    (equipmentId) =>
      new DeviceLink(new Device(equipmentId, streamOf(seed, equipmentId)), {
        time,
        weather,
        take,
        acknowledged: (packet) => {
          if (answersItself) ledger.puback(packet, 'committed');
        },
      }),
  );
  const speak = (link: DeviceLink): void => {
    const packet = link.device.speak(time.now());
    ledger.sent(packet);
    world.tell(`${packet.device} says ${packet.messages.map(({key}) => key).join(', ')}`);
    link.pump();
  };
  const restart = (link: DeviceLink): void => {
    world.tell(`${link.device.equipmentId} restarts`);
    link.device.restart();
    link.reset();
  };
  const say = (): void => {
    for (const link of links) speak(link);
  };
  return {
    faults: installation.faults,
    healedWithinMs: HEALED_WITHIN_MS,
    start: () => installation.start(),
    plan: (stormMs) => {
      for (const link of links) {
        for (let left = random.integer(1, PACKETS_MAX); left > 0; left -= 1)
          time.after(random.between(0, stormMs), () => speak(link));
        if (random.chance(0.5)) time.after(random.between(0, stormMs), () => restart(link));
      }
      return {stormMs, busyMs: stormMs};
    },
    heal: () => installation.heal(),
    // One more word each, so that a hole before it shows; a second, because the first may fall to the end of the storm.
    lastWords: [
      {afterMs: 1000, say},
      {afterMs: 60_000, say},
    ],
    isDone: () => links.every(({device}) => device.outbox.length === 0) && installation.isIdle(),
    overgrown: () => installation.overgrown(),
    reconcile: () => {
      const numbers = new Map(
        [...world.equipment.values()].map((each) => [each.equipmentNo, each.equipmentId]),
      );
      ledger.reconcile(database.tables, (no) => numbers.get(no)!);
    },
    size: () => ({messages: ledger.sentCount, effects: 0}),
  };
}
