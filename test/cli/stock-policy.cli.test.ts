import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {runCli} from './run-cli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'forestock-stock-policy-'));
afterAll(() => {
  rmSync(folder, {recursive: true});
});

describe('forestock evaluate stock-policy', () => {
  it('names the file that is missing, and leaves with 2', async () => {
    const {code, stderr} = await runCli(['evaluate', 'stock-policy', '--set', 'raf', '--dir', folder], {});
    expect(code).toBe(2);
    expect(stderr).toContain('raf.csv.gz is not there; --dir names the folder of the spareparts set');
  });
});
