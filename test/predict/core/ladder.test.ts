import {describe, expect, it} from 'vitest';
import type {ModelVersionId} from '../../../domain/ids.ts';
import type {ClassSpec} from '../../../predict/core/class-spec.ts';
import {ageRung, topRung, type LadderEvidence, type Rung} from '../../../predict/core/ladder.ts';
import type {ScoringModel} from '../../../predict/core/score.ts';

const bare = {classId: 'bearing', lives: []};
const hundreds = Array.from({length: 10}, (_, i) => ({endAgeH: (i + 1) * 100, failed: true}));
const named = (evidence: LadderEvidence): string => {
  const rung = ageRung(evidence);
  return rung.ok ? `${rung.value.method} ${rung.value.modelVersionId}` : rung.reason;
};

describe('the lower rungs', () => {
  it('take age from ten failures of their own, then from master data, then the base rate', () => {
    const master = {weibullShape: 5, weibullScaleH: 9000, mtbfH: 8000};
    expect(named({...bare, ...master, lives: hundreds})).toBe('weibull-age weibull-age-1.984-620');
    expect(named({...bare, ...master})).toBe('weibull-age weibull-age-5.000-9000');
    expect(named({...bare, mtbfH: 8000})).toBe('base-rate base-rate-1.000-8000');
  });

  it('fall to hours watched per failure without master data', () => {
    expect(named({...bare, lives: hundreds.slice(0, 2)})).toBe('base-rate base-rate-1.000-150');
  });

  it('say what to add when nothing is known', () => {
    const rung = ageRung(bare);
    expect(rung).toMatchObject({ok: false, reason: 'no-life-data'});
    expect(rung.ok ? '' : rung.detail).toContain('component_class.csv');
  });
});

describe('the upper rungs', () => {
  const age: Rung = {
    method: 'weibull-age',
    modelVersionId: 'weibull-age-2.000-9000' as ModelVersionId,
    law: {shape: 2, scaleH: 9000},
  };
  const taught = {shape: 3, scaleH: 7000};
  const model = (id: string, equipmentClassId: string, pools?: string[]): ScoringModel => {
    const spec: ClassSpec = {
      equipmentClassId,
      ...(pools && {pools}),
      components: [{positionId: 'comp1', classId: 'bearing', life: taught}],
      signals: [],
      eventCodes: [],
      attributes: [],
      windowH: 168,
      gridH: 1,
      horizonsH: [24],
    };
    return {modelVersionId: id as ModelVersionId, spec};
  };
  const pooled = model('p-1', 'pool-chiller-compressor', ['chiller', 'compressor']);
  const own = model('c-1', 'chiller');
  const place = (equipmentClassId: string, positionId = 'comp1'): Parameters<typeof topRung>[2] => ({
    equipmentClassId,
    positionId,
    classId: 'bearing',
  });

  it('B1 are the own model, then the pooled one, then age', () => {
    const models = [pooled, own];
    expect(topRung(age, models, place('chiller'))).toMatchObject({method: 'model', modelVersionId: 'c-1'});
    expect(topRung(age, models, place('compressor'))).toMatchObject({
      method: 'pooled',
      modelVersionId: 'p-1',
    });
    expect(topRung(age, models, place('robot'))).toBe(age);
    expect(topRung(undefined, models, place('robot'))).toBeUndefined();
  });

  it('B1 pass a model over that does not know the place', () => {
    expect(topRung(age, [pooled, own], place('chiller', 'comp9'))).toBe(age);
  });

  it('B1 carry the age law of the installed base, and where there is none the one that the model was taught with', () => {
    expect(topRung(age, [own], place('chiller'))?.law).toEqual(age.law);
    expect(topRung(undefined, [own], place('chiller'))?.law).toEqual(taught);
  });
});
