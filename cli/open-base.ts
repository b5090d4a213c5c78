import {WorkspaceClock} from '../platform/clock.ts';
import type {Configuration} from '../platform/configuration.ts';
import {openDatabase} from '../platform/database.ts';
import {keepPartitions} from '../platform/installation.ts';
import type {Logger} from '../platform/log.ts';
import {startNetwork} from '../network/main.ts';
import type {EngineBase} from './engine.ts';

/** A workspace without its stages, for commands that read or book something while no service runs on it. */
export async function openBase(
  configuration: Configuration,
  log: Logger,
): Promise<EngineBase & {close(): Promise<void>}> {
  const database = await openDatabase(configuration, log);
  try {
    const platform = database.pool('forestock_platform');
    await keepPartitions(platform, configuration.partitions);
    const clock = await WorkspaceClock.open(platform, {mode: 'follow'}); // a command takes no time from a demo or a replay
    const {partitions} = configuration;
    const network = startNetwork({
      pool: database.pool('forestock_network'),
      clock,
      partitions,
      autoIssue: false,
    });
    return {database, clock, network, close: () => database.close()};
  } catch (error) {
    await database.close();
    throw error;
  }
}
