import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {runCli} from './run-cli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'forestock-delay-'));
afterAll(() => {
  rmSync(folder, {recursive: true});
});

const HEADER = 'ID,Country,Fulfill Via,Shipment Mode,Vendor,Scheduled Delivery Date,Delivered to Client Date';

function file(name: string, lines: readonly string[]): string {
  const at = path.join(folder, name);
  writeFileSync(at, [HEADER, ...lines, ''].join('\n'));
  return at;
}

const LEARNT = file('learnt.csv', [
  ...Array.from({length: 20}, (_, i) => `${i},Kenya,Direct Drop,Air,Punctual,01-Mar-14,01-Mar-14`),
  ...Array.from({length: 20}, (_, i) => `${100 + i},Kenya,Direct Drop,Air,Tardy,01-Mar-14,11-Mar-14`),
]);
const out = path.join(folder, 'out.csv');

describe('forestock evaluate supplier-delay', () => {
  it('H1 forecasts each line by its supplier, and an overdue one as late', async () => {
    const test = file('test.csv', [
      '1,Kenya,Direct Drop,Air,Punctual,01-Apr-14,',
      '2,Kenya,Direct Drop,Air,Tardy,01-Apr-14,09-Apr-14',
      '3,Kenya,Direct Drop,Air,Punctual,06-Mar-14,01-Mar-14',
    ]);
    const {code, stdout} = await runCli(['evaluate', 'supplier-delay', '--train', LEARNT, '--test', test, '--out', out, '--json'], {}); // prettier-ignore
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({delivered: 40, forecast: 3, score: {delivered: 2, roc: 0}});
    const [header, punctual, tardy, overdue] = readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    expect(header).toEqual(['ID', 'lateProbability', 'delayDays_q0.5', 'delayDays_q0.9', 'delayDays_q0.95']);
    expect(Number(punctual![1])).toBeLessThan(0.25);
    expect(punctual!.slice(2)).toEqual(['0', '0', '10']);
    expect(Number(tardy![1])).toBeGreaterThan(0.75);
    expect(overdue!.slice(1)).toEqual(['1.000000', '10', '10', '10']);
  });

  it('names the file, the line and what it cannot read', async () => {
    const broken = file('broken.csv', ['1,Kenya,Direct Drop,Air,Punctual,2014-04-01,']);
    const {code, stderr} = await runCli(['evaluate', 'supplier-delay', '--train', LEARNT, '--test', broken, '--out', out], {}); // prettier-ignore
    expect(code).toBe(2);
    expect(stderr).toContain(
      "broken.csv line 2: Scheduled Delivery Date '2014-04-01' is no date such as 02-Jun-06",
    );
  });
});
