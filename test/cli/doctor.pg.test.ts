import {beforeAll, describe, expect, it} from 'vitest';
import {databaseFindings} from '../../cli/doctor/database.ts';
import type {Finding} from '../../cli/doctor/finding.ts';
import {epochMs} from '../../domain/time.ts';
import {silentLogger} from '../../platform/log.ts';
import {Maintenance} from '../../platform/maintenance.ts';
import type {Upkeep} from '../../platform/maintenance.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';

const NOW = epochMs(Date.UTC(2026, 0, 5, 10));

describe('doctor on the database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });

  const maintenance = async (): Promise<Finding | undefined> => {
    const findings = await databaseFindings({databaseUrl: database.ownerUrl, dataDir: 'unused'});
    return findings.find(({name}) => name === 'maintenance');
  };
  const round = (upkeep: Upkeep['run'], at: number): Promise<number> =>
    new Maintenance(database.poolFor('forestock_ingest'), {
      stage: 'store',
      upkeeps: [{name: 'readings', run: upkeep}],
      log: silentLogger(),
    }).runOnce(epochMs(at));

  it('says when maintenance last ran, and what of it failed', async () => {
    expect(await maintenance()).toMatchObject({verdict: 'ok', found: 'due at the next start'});
    await round(async () => ({dropped: 1}), NOW);
    expect(await maintenance()).toMatchObject({verdict: 'ok', found: 'store done 2026-01-05T10:00:00.000Z'});
    await round(() => Promise.reject(new Error('disk full')), NOW + 86_400_000);
    expect(await maintenance()).toMatchObject({
      verdict: 'note',
      found: 'store done 2026-01-05T10:00:00.000Z; store readings: disk full',
    });
  });

  it('says whether TimescaleDB is used', async () => {
    const [found] = await databaseFindings({databaseUrl: database.ownerUrl, dataDir: 'unused'});
    expect(found?.found).toMatch(/, without TimescaleDB: native partitions$|, TimescaleDB \S+ in use$/);
  });
});
