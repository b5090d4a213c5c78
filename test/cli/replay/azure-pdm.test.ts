import {mkdtempSync, rmSync, unlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {azurePdm} from '../../../cli/replay/azure-pdm.ts';
import {HOUR_MS} from '../../../domain/time.ts';
import {writeSyntheticSet} from './synthetic-set.ts';

describe('the files of the azure-pdm set', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'forestock-azure-'));
  });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));

  const refusal = async (broken: Parameters<typeof writeSyntheticSet>[1]): Promise<string> => {
    writeSyntheticSet(folder, broken);
    const refused: unknown = await azurePdm(folder).catch((error: unknown) => error);
    expect(refused).toMatchObject({code: 'file-unreadable'});
    return (refused as Error).message.replace(`${folder}${path.sep}`, '');
  };

  it('every row is one message, in the order of arrival, telemetry an hour after its stamp', async () => {
    const rows = writeSyntheticSet(folder);
    const {messages, network} = await azurePdm(folder);
    const count = (kind: string): number => messages.filter((one) => one.kind === kind).length;
    expect({
      telemetry: count('telemetry'),
      error: count('error'),
      maintenance: count('maintenance'),
      failure: count('failure'),
    }).toEqual(rows);
    expect(network['equipment']).toHaveLength(3);
    const arrivals = messages.map(({arrivesAt}) => arrivesAt);
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
    const first = messages.find(({kind}) => kind === 'telemetry')!;
    expect(first.body['observedAt']).toBe('2015-01-01T06:00:00.000Z');
    expect(first.arrivesAt).toBe(Date.parse('2015-01-01T06:00:00Z') + HOUR_MS);
  });

  it('what broke is told before what was done about it, and no equipment sends a number twice', async () => {
    writeSyntheticSet(folder);
    const {messages} = await azurePdm(folder);
    const breakdown = messages.findIndex(({kind}) => kind === 'failure');
    const repair = messages.findIndex(
      ({kind, equipmentId}) => kind === 'maintenance' && equipmentId === messages[breakdown]!.equipmentId,
    );
    expect(messages[repair]!.arrivesAt).toBe(messages[breakdown]!.arrivesAt);
    expect(repair).toBeGreaterThan(breakdown);
    const numbers = messages.map(({equipmentId, body}) => `${equipmentId} ${String(body['seq'])}`);
    expect(new Set(numbers).size).toBe(messages.length);
  });

  it('a missing file is named, with what --dir should be', async () => {
    writeSyntheticSet(folder);
    unlinkSync(path.join(folder, 'PdM_maint.csv.gz'));
    await expect(azurePdm(folder)).rejects.toThrow(
      /PdM_maint\.csv\.gz is not there; name the folder of the azure-pdm set/,
    );
  });

  it('a file that is not gzip is named', async () => {
    writeSyntheticSet(folder);
    writeFileSync(path.join(folder, 'PdM_errors.csv.gz'), 'datetime,machineID,errorID\n');
    await expect(azurePdm(folder)).rejects.toThrow(/PdM_errors\.csv\.gz: incorrect header check; fetch/);
  });

  it('a wrong header is line 1, also in a file without rows', async () => {
    const missing =
      'PdM_errors.csv.gz, line 1: column errorID is missing, there are datetime, machineID, error';
    expect(await refusal({PdM_errors: (text) => text.replace('errorID', 'error')})).toContain(missing);
    expect(await refusal({PdM_errors: () => 'datetime,machineID,error\n'})).toContain(missing);
  });

  it.each([
    ['a bad date', 'telemetry_3h', '2015-01-01 09:00:00', '2015-01-01T09:00', 3, 'datetime'],
    [
      'a day that does not exist',
      'telemetry_3h',
      '2015-01-01 09:00:00',
      '2015-02-30 09:00:00',
      3,
      'datetime',
    ],
    ['a machine of no list', 'PdM_failures', ',10,comp2', ',11,comp2', 3, 'machineID'],
    ['a component that is none', 'PdM_maint', ',15,comp2', ',15,comp9', 4, 'comp'],
    ['an age that is no number', 'PdM_machines', 'model2,8', 'model2,old', 3, 'age'],
  ])('%s is named by file, line and column', async (_, file, from, to, line, column) => {
    expect(await refusal({[file]: (text) => text.replace(from, to)})).toContain(
      `${file}.csv.gz, line ${line}, column ${column}: "`,
    );
  });

  it('a value that is no number, and a row with a cell too few, are named by their line', async () => {
    const secondRow = /^(2015-01-01 09:00:00,5,)[^,]*/m;
    expect(await refusal({telemetry_3h: (text) => text.replace(secondRow, '$1NaN')})).toMatch(
      /telemetry_3h\.csv\.gz, line 3, column volt_rollingmean_3: "NaN" is no number/,
    );
    expect(
      await refusal({telemetry_3h: (text) => text.replace(/^(2015-01-01 09:00:00,5),[^,]*/m, '$1')}),
    ).toMatch(/telemetry_3h\.csv\.gz: .*on line 3/);
  });
});
