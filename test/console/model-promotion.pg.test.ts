import {beforeAll, describe, expect, it} from 'vitest';
import {askGate, promoteModel} from '../../console/api/model-promotion.ts';
import type {ConsolePorts} from '../../console/api/ports.ts';
import {ok} from '../../domain/result.ts';
import {DAY_MS, plusMs, toIso} from '../../domain/time.ts';
import {DEFAULT_GATE_LIMITS} from '../../predict/api.ts';
import type {ModelDesk} from '../../predict/api.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from '../replenish/reference.ts';

/** Decisions about a machine that never failed: the champion took fright every other time. */
describe('the stock cost of a challenger', () => {
  let network: DecidingNetwork;
  const promoted: unknown[] = [];
  beforeAll(async () => {
    const lean = {depot_id: 'D-C', part_id: 'P-1', owner_party_id: 'OWN', qty: 10};
    network = await DecidingNetwork.open({...tinyNetwork(), opening_stock: [lean]});
    for (let round = 0; round < 40; round += 1) {
      const weekPpm = round % 2 === 0 ? 100 : 900_000;
      await network.forecast('S-1', weekPpm);
      await saying('alarmist', 950_000);
      await saying('twin', weekPpm);
      await network.signal();
      await network.decide({mode: 'shadow'});
      network.pass(48);
    }
  });

  /** What a model said of the component, one hour long until now. */
  async function saying(model: string, weekPpm: number): Promise<void> {
    const pool = network.database.poolFor('forestock_predict');
    const now = toIso(network.now);
    await pool.query('SELECT predict.ensure_partitions($1, $1)', [now]);
    await pool.query(
      `INSERT INTO predict.forecast (component_id, as_of, model_version_id, revision, equipment_no, position_id, issued_at, cause, method, horizons_h,
         cumulative_ppm, tail_hazard_ppb_per_h, completeness_pct, window_from, log_seq_through, input_digest, backend, shadow)
       SELECT 'S-1', $1, $2, 0, equipment_no, position_id, $1, 'grid', 'model', '{168}', ARRAY[$3::int], 0, 100, $1, 0, 0, 'wasm', true
         FROM network.installation WHERE component_id = 'S-1'`,
      [now, model, weekPpm],
    );
  }

  /** A desk that has nothing against the model itself: what is asked here is the stock alone. */
  const ports = (limits = DEFAULT_GATE_LIMITS): Pick<ConsolePorts, 'models' | 'db' | 'clock'> => ({
    db: network.database.poolFor('forestock_api'),
    clock: {now: () => plusMs(network.now, 29 * DAY_MS), rate: 0} as ConsolePorts['clock'],
    models: {
      examine: async () => ok({model: {}, limits, card: [], classes: []}),
      promote: async (_: unknown, because: unknown) => {
        promoted.push(because);
        return ok([]);
      },
    } as unknown as ModelDesk,
  });

  it('B4 one that would have moved pieces for a machine that never failed is refused with what that had cost', async () => {
    const refused = await promoteModel(ports(), {
      modelVersionId: 'alarmist',
      actor: 'ann',
      onCardAlone: 'no',
    });
    expect(refused).toMatchObject({ok: false, reason: 'gate-not-passed'});
    if (!refused.ok)
      expect(refused.detail).toMatch(
        /stock cost of \d+ decisions that differ, of \d+ replayed, is not above/,
      );
    expect(promoted).toEqual([]);
  });

  it('B4 the gate says beforehand what it would refuse, and promotes nothing', async () => {
    const asked = await askGate(ports(), {modelVersionId: 'alarmist'});
    expect(asked).toMatchObject({ok: true, value: {checks: [{passed: false}], lacking: []}});
    expect(await askGate(ports(), {modelVersionId: 'silent'})).toMatchObject({
      value: {checks: [], lacking: [expect.stringContaining('of which there are 0')]},
    });
    expect(promoted).toEqual([]);
  });

  it('B4 one that would have had the same done costs nothing more, and passes with its figures on record', async () => {
    expect(await promoteModel(ports(), {modelVersionId: 'twin', actor: 'ann'})).toMatchObject({ok: true});
    expect(promoted).toMatchObject([
      {actor: 'ann', reason: 'passes the gate', evidence: {lacking: [], stock: {changed: 0}}},
    ]);
  });

  it('B5 how many decisions it takes is data', async () => {
    const few = {...DEFAULT_GATE_LIMITS, stockDecisionsMin: 1000};
    expect(await promoteModel(ports(few), {modelVersionId: 'twin', actor: 'ann'})).toMatchObject({
      reason: 'evidence-lacking',
      detail: expect.stringContaining('1000 decisions, four weeks old') as string,
    });
  });

  it('B4 one that hardly spoke is not judged by stock', async () => {
    expect(await promoteModel(ports(), {modelVersionId: 'silent', actor: 'ann'})).toMatchObject({
      ok: false,
      reason: 'evidence-lacking',
      detail: expect.stringContaining('30 decisions, four weeks old') as string,
    });
  });
});
