import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {readCsvFile} from '../../../network/main.ts';

describe('a CSV file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'forestock-csv-'));
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  const read = (content: string | Buffer): ReturnType<typeof readCsvFile> => {
    const file = path.join(folder, 'rows.csv');
    writeFileSync(file, content);
    return readCsvFile(file);
  };

  it('names every line that cannot be read, and gives the others', async () => {
    const {table, mistakes} = await read('a,b\n1,2\n1\n3,"x\ny"\n9,a"b\n5,6\n7,8,9\n');
    expect(mistakes.map(({file, line}) => `${file} ${line}`)).toEqual([
      'rows.csv 3',
      'rows.csv 6',
      'rows.csv 8',
    ]);
    expect(table?.rows.map(({cells}) => cells)).toEqual([
      {a: '1', b: '2'},
      {a: '3', b: 'x\ny'},
      {a: '5', b: '6'},
    ]);
  });

  it('gives no rows below a header that cannot be read', async () => {
    const {table, mistakes} = await read('a"b,c\n1,2\n3,4\n');
    expect(table).toBeNull();
    expect(mistakes).toMatchObject([{line: 1}]);
  });

  it('is told when it is empty or not in UTF-8, and is a fault when it is not there', async () => {
    expect(await read('')).toMatchObject({table: null, mistakes: [{what: 'is empty'}]});
    expect(await read(Buffer.from([0x61, 0xff, 0x0a]))).toMatchObject({
      mistakes: [{what: 'is not in UTF-8'}],
    });
    await expect(readCsvFile(path.join(folder, 'none.csv'))).rejects.toMatchObject({code: 'file-unreadable'});
  });
});
