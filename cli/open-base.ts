import type {ClockMode, ClockStart} from '../platform/clock.ts';
import {WorkspaceClock} from '../platform/clock.ts';
import type {Configuration} from '../platform/configuration.ts';
import {openDatabase} from '../platform/database.ts';
import {keepPartitions} from '../platform/installation.ts';
import type {Logger} from '../platform/log.ts';
import type {Pool} from '../platform/pg.ts';
import {epochMs} from '../domain/time.ts';
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
    const clock = await WorkspaceClock.open(platform, await asItIs(platform));
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

/** The workspace's own clock, standing still where it can: a command takes no time from a demo or a replay. */
async function asItIs(pool: Pool): Promise<ClockStart> {
  const found = await pool.query<{mode: ClockMode; world_anchor: number}>(
    'SELECT mode, world_anchor FROM platform.world_clock WHERE id = 1',
  );
  const row = found.rows[0];
  if (row === undefined || row.mode === 'real') return {mode: 'real'};
  const worldAt = epochMs(row.world_anchor);
  return row.mode === 'scaled' ? {mode: 'scaled', worldAt, rate: 0} : {mode: 'stepped', worldAt};
}
