import type pg from 'pg';
import type {MaintenanceReport} from '../../platform/maintenance.ts';
import {fine, note} from './finding.ts';
import type {Finding} from './finding.ts';

/** When each stage's nightly round was last done, by the world clock, and what of the last one failed. */
export async function maintenanceFinding(client: pg.Client): Promise<Finding> {
  const name = 'maintenance';
  const schema = await client.query(
    `SELECT 1 FROM pg_tables WHERE schemaname = 'platform' AND tablename = 'world_timer'`,
  );
  if (schema.rowCount === 0) return fine(name, 'due at the first start');
  await client.query('SET ROLE forestock_api'); // a service's login may read only under a role
  const {rows} = await client.query<{stage: string; report: Partial<MaintenanceReport>}>(
    `SELECT key AS stage, payload AS report FROM platform.world_timer WHERE kind = 'maintenance' ORDER BY key`,
  );
  if (rows.length === 0) return fine(name, 'due at the next start');
  const found = rows.map(({stage, report}) => `${stage} done ${report.completedAt ?? 'never'}`).join(', ');
  const failures = rows.flatMap(({stage, report}) =>
    Object.entries(report.failed ?? {}).map(([what, why]) => `${stage} ${what}: ${why}`),
  );
  if (failures.length === 0) return fine(name, found);
  return note(
    name,
    `${found}; ${failures.join('; ')}`,
    'tried again every hour; see docs/operations.md, Upkeep',
  );
}
