import {describe, expect, it} from 'vitest';
import {toIso} from '../../domain/time.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import {loadSituations} from '../../replenish/adapters/situation-rows.ts';
import {phraseReason} from '../../replenish/core/decision/phrase.ts';
import {DEFAULT_POLICY} from '../../replenish/core/decision/policy.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork, withRows} from './reference.ts';

const DAY = 24 * 3_600_000;

/** The small network with nothing on any shelf, and these terms of a contract with its supplier. */
function agreedWithSupplier(terms: readonly (readonly [type: string, params: object])[]): MasterData {
  const network = {...tinyNetwork()} as Record<string, MasterData[string]>;
  delete network['opening_stock'];
  const contract = {contract_id: 'K-S', party_a: 'OWN', party_b: 'SUP', type: 'supply', tier: 'standard'};
  const rows = terms.map(([type, params], i) => ({
    ...{contract_id: 'K-S', version: 1, term_no: i + 1, type},
    params: JSON.stringify(params),
  }));
  return withRows(network, {
    contract: [{...contract, penalty_minor_per_h: 0}],
    ...(rows.length === 0 ? {} : {contract_term: rows}),
  });
}

async function bought(terms: readonly (readonly [string, object])[]) {
  const network = await DecidingNetwork.open(agreedWithSupplier(terms));
  await network.breakDown();
  await network.decide({lotCoverDaysMax: 0});
  const {rows} = await network.pool.query<{qty: number; cost: number; expected: number}>(
    `SELECT qty, cost_minor AS cost, expected_at AS expected FROM network.supply_order WHERE from_loc = 'supplier:SUP' ORDER BY ordered_at, order_id`,
  );
  return {network, order: rows[0]!};
}

describe('what was agreed with a supplier', () => {
  it('D1 a minimum, a price tier and a shutdown change how many pieces are ordered, at what price, and until when', async () => {
    const plain = await bought([]);
    expect(plain.order).toEqual({qty: 1, cost: 90_000, expected: START + 20 * DAY});

    const {network, order} = await bought([
      ['moq', {min: 5, multiple: 3}],
      ['price', {model: 'volume-tier', currency: 'EUR', tiers: [{fromQty: 6, priceMinor: 80_000}]}],
      ['calendar', {shutdowns: [{from: '2026-01-01', until: '2026-01-10'}], frozenDays: 7}],
      ['flex', {basePerPeriod: 4, pct: 25, surchargePct: 10}],
    ]);
    // Five pieces are within the month's 4 + 25 %; the sixth costs 10 % more.
    expect(order).toEqual({qty: 6, cost: 6 * 80_000 + 8_000, expected: START + (20 + 5) * DAY});
    const act = network.settled.find(({settled}) => settled.decision.option.sourceId === 'SUP')!;
    expect(act.settled.decision.reasons.map(phraseReason)).toEqual(
      expect.arrayContaining([
        'Contract K-S, term 1: SUP delivers 5 or more, in multiples of 3.',
        expect.stringMatching(/^Contract K-S, term 2: a piece costs 800\.00 EUR/u),
        expect.stringMatching(/^Contract K-S, term 3: SUP is shut down until 2026-01-10/u),
        'Contract K-S, term 4: 1 of the pieces are beyond what the period may take and cost 10 % more.',
      ]),
    );

    // A lane that learns from its deliveries takes the order as placed when the supplier is open again.
    await network.pool.query(
      `INSERT INTO replenish.lead_time (part_id, depot_id, source_kind, source_id, kind, learned_at, plan_d, mean_d, sd_d, evidence, enough, lead, promise)
       VALUES ('P-1', 'D-C', 'supplier', 'SUP', 'normal', $1, 20, 20, 0, 9, true, '[[0,1]]', '[[0,1]]')`,
      [toIso(network.now)],
    );
    const [waits] = await loadSituations(network.pool, 'G-1', network.now, DEFAULT_POLICY);
    expect(waits!.depots.find(({depotId}) => depotId === 'D-C')!.receipts).toMatchObject([
      {meanH: 25 * 24, sdH: 0},
    ]);

    // What was ordered counts against the month, and against the next one no more.
    const freePieces = async () => {
      const [situation] = await loadSituations(network.pool, 'G-1', network.now, DEFAULT_POLICY);
      return situation!.depots.find(({depotId}) => depotId === 'D-C')!.sources[0]!.flex!.freePieces;
    };
    expect(await freePieces()).toBe(0);
    network.pass(27 * 24);
    expect(await freePieces()).toBe(5);
  });

  it('D4 G1 an order that is due soon is frozen, and a machine’s contract speaks for other parts', async () => {
    const {network} = await bought([['calendar', {frozenDays: 30}]]);
    await network.database
      .poolFor('forestock_network')
      .query(
        `UPDATE network.sourcing SET expedite_mean_d = 5, expedite_fee_minor = 100 WHERE source_id = 'SUP'`,
      );
    await network.database.poolFor('forestock_partners').query(
      `INSERT INTO partners.contract_term (contract_id, version, term_no, type, params, effective)
         VALUES ('K-1', 1, 1, 'substitution', '{"allowed":false}', '(,)')`,
    );
    const [situation] = await loadSituations(network.pool, 'G-1', network.now, DEFAULT_POLICY);
    const [centre, regional] = ['D-C', 'D-1'].map((id) =>
      situation!.depots.find(({depotId}) => depotId === id)!,
    );
    expect(centre!.receipts).toMatchObject([
      {frozen: 'contract K-S freezes orders 30 days before they are due, and this one is due on 2026-01-25'},
    ]);
    expect(regional!.needs).toMatchObject([{substitution: {contractId: 'K-1', termNo: 1, allowed: false}}]);
  });

  it('G2 where the customer is asked first, another part is proposed and not taken, also within the limits', async () => {
    const network = tinyNetwork();
    const [first] = network['part']!;
    const stock = network['opening_stock']!.filter((row) => row['part_id'] !== 'P-1');
    const deciding = await DecidingNetwork.open(
      withRows(
        {...network, opening_stock: stock},
        {
          part: [{...first!, part_id: 'P-1S'}],
          part_relation: [{from_part: 'P-1', to_part: 'P-1S', kind: 'substitute', approval: 'approved'}],
          part_depot: [{part_id: 'P-1S', depot_id: 'D-1', party_id: 'OWN', may_stock: false}],
          opening_stock: [{depot_id: 'D-1', part_id: 'P-1S', owner_party_id: 'OWN', qty: 2}],
          contract_term: [
            {
              ...{contract_id: 'K-1', version: 1, term_no: 1, type: 'substitution'},
              params: JSON.stringify({allowed: true, customerConsent: true}),
            },
          ],
        },
      ),
    );
    await deciding.breakDown();
    await deciding.decide();
    const asked = deciding.settled.filter(
      ({written, settled}) => written && settled.decision.option.action === 'substitute',
    );
    expect(asked.map(({state}) => state)).toEqual(['proposed']);
    expect(asked[0]!.settled.decision.reasons.slice(-2)).toMatchObject([
      {code: 'contract-term', term: 'substitution', contractId: 'K-1', customerConsent: true},
      {code: 'needs-approval', mode: 'auto', limit: 'contract'},
    ]);
    expect(await deciding.count('network.allotment')).toBe(0);
  });
});
