import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterAll, expect, it} from 'vitest';
import {epochMs} from '../../../../domain/time.ts';
import {readAzureSet} from '../../../../cli/evaluate/azure-pdm/read-set.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'forestock-read-set-'));
afterAll(() => rmSync(folder, {recursive: true}));

function write(file: string, lines: readonly string[]): void {
  writeFileSync(path.join(folder, `${file}.csv.gz`), gzipSync(`${lines.join('\n')}\n`));
}

it('B1 a failure that no replacement answers is one of the life that ran on; one that is answered ends it', async () => {
  const columns = ['volt', 'rotate', 'pressure', 'vibration'].flatMap((quantity) => [
    `${quantity}_rollingmean_3`,
    `${quantity}_rollingstd_3`,
  ]);
  write('telemetry_3h', [
    `datetime,machineID,${columns.join(',')}`,
    '2015-01-01 06:00:00,1,170,1,450,1,100,1,40,1',
  ]);
  write('PdM_machines', ['machineID,model,age', '1,model3,18']);
  write('PdM_errors', ['datetime,machineID,errorID']);
  write('PdM_maint', [
    'datetime,machineID,comp',
    '2014-12-01 06:00:00,1,comp1',
    '2015-01-16 06:00:00,1,comp1',
    '2015-01-31 06:00:00,1,comp1',
  ]);
  write('PdM_failures', [
    'datetime,machineID,failure',
    '2015-01-02 03:00:00,1,comp1',
    '2015-01-16 06:00:00,1,comp1',
  ]);
  const {machines, unanswered} = await readAzureSet(folder);
  expect(unanswered).toBe(1);
  const lives = machines[0]!.history.lives.filter(({positionId}) => positionId === 'comp1');
  const at = (text: string): number => epochMs(Date.parse(`${text}Z`));
  expect(
    lives.map(({installedAt, endedAt, end, failedAt}) => ({installedAt, endedAt, end, failedAt})),
  ).toEqual([
    {
      installedAt: at('2014-12-01T06:00:00'),
      endedAt: at('2015-01-16T06:00:00'),
      end: 'failure',
      failedAt: [at('2015-01-02T03:00:00')],
    },
    {
      installedAt: at('2015-01-16T06:00:00'),
      endedAt: at('2015-01-31T06:00:00'),
      end: 'planned',
      failedAt: undefined,
    },
    {installedAt: at('2015-01-31T06:00:00'), endedAt: null, end: 'running', failedAt: undefined},
  ]);
});
