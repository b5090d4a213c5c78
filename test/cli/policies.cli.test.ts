import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {hungryNetwork, openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';
import {withRows} from '../replenish/reference.ts';
import {runCli} from './run-cli.ts';
import type {Run} from './run-cli.ts';

describe('forestock plan policies', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    const network = hungryNetwork();
    const data = {
      ...network,
      sourcing: network['sourcing']!.map((row) => ({...row, order_cost_minor: 6_000})),
      equipment: network['equipment']!.map((row) =>
        row['equipment_id'] === 'M-2' ? {...row, contract_id: 'K-2', downtime_minor_per_h: 500} : row,
      ),
    };
    const K2 = {contract_id: 'K-2', party_a: 'OWN', party_b: 'CUS', type: 'service', tier: 'standard'};
    world = await openConsoleWorld({
      mode: 'shadow',
      data: withRows(data, {contract: [{...K2, penalty_minor_per_h: 0}]}),
    });
  });
  afterAll(() => world.stop());

  const run = (...args: string[]): Promise<Run> =>
    runCli(['plan', 'policies', ...args], {FORESTOCK_URL: world.url});

  it('D1 prints the assumption on lead times, the policies with their service, and what is kept for a tier', async () => {
    const {code, stdout} = await run(
      ...['--part', 'P-1', '--depot', 'D-1', '--review-days', '7', '--fill-rate', '0.95'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('P-1 at D-1, from depot D-C in 2.0 ± 0.5 days; lead times are parallel');
    expect(stdout).toContain('60.00 pieces a year in 60.00 orders');
    for (const word of [
      'fill rate',
      'ready rate',
      'order fill',
      'decisions',
      '(s, S)',
      '(R, S) for the fill rate',
    ])
      expect(stdout).toContain(word);
    expect(stdout.match(/ ←/g)).toHaveLength(1);
    expect(stdout).toMatch(/of a base stock of \d+/);
  });

  it('D1 says what is wrong with a share, and what to do about a depot', async () => {
    expect(await run('--part', 'P-1', '--depot', 'D-1', '--fill-rate', '95 %')).toMatchObject({code: 2});
    const {code, stderr} = await run('--part', 'P-1', '--depot', 'D-9');
    expect(code).toBe(1);
    expect(stderr).toContain('depot D-9 does not hold part P-1; add it to part_depot.csv');
  });
});
