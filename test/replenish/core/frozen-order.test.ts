import {describe, expect, it} from 'vitest';
import {decide, type Decision} from '../../../replenish/core/decision/decide.ts';
import {essenceOf} from '../../../replenish/core/decision/essence.ts';
import {DEFAULT_POLICY} from '../../../replenish/core/decision/policy.ts';
import {Situation, type DepotSituation} from '../../../replenish/core/decision/situation.ts';
import {streamOf} from '../../../simulator/random.ts';
import {component, depot, NOW, situation, source} from './situations.ts';

const HOUR_MS = 3_600_000;
/** Of failing within a week: an empty shelf is enough, one piece is asked for, two are. */
const [CALM, ONE, TWO] = [[1_000], [9_000], [90_000, 90_000, 90_000]] as const;

interface World {
  readonly frozenH?: number | undefined;
  readonly more?: Partial<DepotSituation>;
  readonly asked?: Situation['asked'];
}

function look(weekPpm: readonly number[], hours: number, {frozenH, more, asked}: World): Decision {
  const now = NOW + hours * HOUR_MS;
  const shelf = depot('A', {
    components: weekPpm.map((ppm, i) => component(`C${i}`, ppm, {asOf: now, shortageMinorPerH: 300})),
    sources: [source('supplier', 'SUP', {meanH: 240})],
    ...more,
  });
  const policy = {...DEFAULT_POLICY};
  delete policy.frozenH;
  const known = situation([shelf], [], {
    now,
    policy: frozenH === undefined ? policy : {...policy, frozenH},
    ...(asked === undefined ? {} : {asked}),
  });
  return decide(Situation.parse(known));
}

/** Looks every six hours, in mode propose, at a planner who never answers: what was asked for and is wanted no more is withdrawn. */
function proposals(scores: readonly (readonly number[])[], frozenH?: number): string[] {
  const made: string[] = [];
  let asked: NonNullable<Situation['asked']> = [];
  for (const [i, weekPpm] of scores.entries()) {
    const decision = look(weekPpm, 6 * i, {frozenH, asked});
    asked = asked.filter(({essence}) => decision.wants.includes(essence));
    const essence = essenceOf('P1', decision);
    if (decision.option.action === 'nothing' || asked.some((one) => one.essence === essence)) continue;
    made.push(`${decision.option.action} ${decision.option.quantity}`);
    const position = 0;
    asked = [{depotId: 'A', action: decision.option.action, essence, at: NOW + 6 * i * HOUR_MS, position}];
  }
  return made;
}

describe('an order that was asked for a short while ago', () => {
  const tenDays = (pick: (i: number) => readonly number[]) => Array.from({length: 40}, (_, i) => pick(i));

  it('D4 stands while scores swing: a score that comes and goes makes 7 proposals in ten days instead of 20', () => {
    const swings = tenDays((i) => (i % 2 === 0 ? ONE : CALM));
    expect(proposals(swings)).toHaveLength(20);
    expect(proposals(swings, 24)).toHaveLength(7);
  });

  it('D4 keeps its size for so long: scores that swing between one piece and more ask anew once a day instead of four times', () => {
    const swings = tenDays((i) => (i % 2 === 0 ? ONE : TWO));
    const [often, seldom] = [proposals(swings), proposals(swings, 24)];
    expect(new Set(often).size).toBeGreaterThan(1);
    expect(often.length).toBe(40);
    expect(seldom.length).toBeLessThanOrEqual(10);
  });

  it('D4 scores at random churn less the longer the horizon', () => {
    const random = streamOf(11, 'scores');
    const scores = tenDays(() => [CALM, ONE, TWO][random.integer(0, 2)]!);
    const made = [0, 12, 24, 48].map((hours) => proposals(scores, hours).length);
    expect(made).toEqual([...made].sort((a, b) => b - a));
    expect(made[0]).toBeGreaterThan(2 * made[2]!);
  });

  it('D4 gives way to a real failure at once, and to a receipt', () => {
    const asked = [
      {depotId: 'A', action: 'order', essence: 'order|P1|A|supplier|SUP||1', at: NOW, position: 0},
    ];
    const frozen = look(CALM, 6, {frozenH: 24, asked});
    expect(frozen.option).toMatchObject({action: 'order', quantity: 1});
    expect(frozen.reasons).toContainEqual({code: 'order-stands', pieces: 1, askedAt: NOW, frozenH: 24});
    const need = {demandId: 'D', quantity: 1, neededAt: NOW, equipmentId: 'EQ-C0', shortageMinorPerH: 300};
    const failed = look(TWO, 6, {frozenH: 24, asked, more: {needs: [need]}});
    expect(failed.option.quantity).toBeGreaterThan(1);
    expect(look(CALM, 6, {frozenH: 24, asked, more: {onHand: 1}}).option.action).toBe('nothing');
  });

  it('D5 is not asked for again when a planner turned it down, nor after the horizon', () => {
    const ask = {depotId: 'A', action: 'order', essence: 'order|P1|A|supplier|SUP||1', at: NOW, position: 0};
    const rejected = [{...ask, rejected: true as const}];
    expect(look(CALM, 6, {frozenH: 24, asked: rejected}).option.action).toBe('nothing');
    expect(look(CALM, 24, {frozenH: 24, asked: [ask]}).option.action).toBe('nothing');
    expect(look(CALM, 6, {asked: [ask]}).option.action).toBe('nothing');
  });
});
