import {describe, expect, it} from 'vitest';
import type {ModelVersionId} from '../../../domain/ids.ts';
import {entry, moved, promotion, rollback} from '../../../predict/core/model-change.ts';
import type {ModelChange} from '../../../predict/core/model-change.ts';
import {
  SHADOWS_MAX,
  holder,
  predecessor,
  rolesOf,
  withStandIns,
} from '../../../predict/core/model-lifecycle.ts';
import type {ModelEvent, ModelStep} from '../../../predict/core/model-lifecycle.ts';
import type {ScoringModel} from '../../../predict/core/score.ts';

const SEAT = {equipmentClassId: 'chiller', pooled: false};
const id = (name: string): ModelVersionId => name as ModelVersionId;
const at = (name: string) => ({modelVersionId: id(name), equipmentClassId: 'chiller'});

/** A history that changes are added to as the registry does. */
class History {
  readonly steps: ModelStep[] = [];

  add(changes: readonly ModelChange[]): this {
    for (const change of changes) this.steps.push({...change, pooled: false, stateNo: this.steps.length + 1});
    return this;
  }
  enter(name: string, passed = true): this {
    const version = {modelVersionId: id(name), pooled: false, passed, equipmentClassIds: ['chiller']};
    return this.add(entry(this.steps, version));
  }
  promote(name: string): this {
    const changes = promotion(this.steps, id(name), ['chiller']);
    if (!changes.ok) throw new Error(changes.detail);
    return this.add(changes.value);
  }
  rollback(): this {
    const changes = rollback(this.steps, SEAT);
    if (!changes.ok) throw new Error(changes.detail);
    return this.add(changes.value);
  }
  move(name: string, event: ModelEvent): this {
    const changes = moved(this.steps, at(name), event);
    if (!changes.ok) throw new Error(changes.detail);
    return this.add(changes.value);
  }
  get holder(): string {
    const {modelVersionId, state} = holder(this.steps, SEAT)!;
    return `${modelVersionId} ${state}`;
  }
}

const model = (name: string): ScoringModel => ({
  modelVersionId: id(name),
  spec: {
    equipmentClassId: 'chiller',
    components: [{positionId: 'p', classId: 'c', life: {shape: 2, scaleH: 1000}}],
    ...{signals: [], eventCodes: [], attributes: [], windowH: 24, gridH: 1, horizonsH: [24]},
  },
});
const names = (models: readonly ScoringModel[]): string[] => models.map((one) => one.modelVersionId);

describe('what a model version is to an equipment class', () => {
  it('B4 the first version that passes its gate is champion, one that does not and every later one is a shadow', () => {
    const history = new History().enter('bad', false).enter('a').enter('b');
    expect(history.steps.map(({modelVersionId, state}) => `${modelVersionId} ${state}`)).toEqual([
      'bad shadow',
      'a champion',
      'b shadow',
    ]);
  });

  it('B4 a promotion retires the champion, and a rollback undoes one promotion at a time', () => {
    const history = new History().enter('a').enter('b').enter('c').promote('b').promote('c');
    expect(history.holder).toBe('c champion');
    expect(predecessor(history.steps, SEAT)).toBe('b');
    expect(history.rollback().holder).toBe('b champion');
    expect(history.rollback().holder).toBe('a champion');
    expect(history.steps.at(-2)).toMatchObject({modelVersionId: 'b', event: 'withdraw', state: 'shadow'});
  });

  it('B4 where nobody held the seat before, a rollback leaves the class to the age law, once', () => {
    const history = new History().enter('a').rollback();
    expect(history.holder).toBe('a fallen-back');
    expect(rollback(history.steps, SEAT)).toMatchObject({ok: false, reason: 'nothing-to-roll-back'});
  });

  it('B4 one that has fallen back keeps its seat, scores as a shadow, and comes back', () => {
    const history = new History().enter('a').enter('b');
    history.move('a', 'fall-back');
    const roles = rolesOf(history.steps, [model('a'), model('b')]);
    expect(names(roles.champions('chiller'))).toEqual([]);
    expect(names(roles.shadows('chiller'))).toEqual(['b', 'a']);
    expect(new History().add(history.steps).enter('c').steps.at(-1)).toMatchObject({state: 'shadow'});
    history.move('a', 'recover');
    expect(history.holder).toBe('a champion');
    expect(predecessor(history.steps, SEAT)).toBeUndefined();
  });

  it('B4 what is not open to a state is refused by name', () => {
    const {steps} = new History().enter('a').enter('b');
    expect(moved(steps, at('b'), 'fall-back')).toMatchObject({
      reason: 'model-state',
      detail: 'b is shadow for chiller: fall-back is not open to it',
    });
    expect(promotion(steps, id('a'), ['chiller'])).toMatchObject({reason: 'model-state'});
    expect(promotion(steps, id('x'), ['chiller'])).toMatchObject({reason: 'unknown-model'});
  });

  it(`B4 at most ${SHADOWS_MAX} shadows score for a class: the newest`, () => {
    const {steps} = new History().enter('a').enter('b').enter('c').enter('d');
    const roles = rolesOf(steps, ['a', 'b', 'c', 'd'].map(model));
    expect(names(roles.shadows('chiller'))).toEqual(['c', 'd']);
    expect(names(roles.champions('chiller'))).toEqual(['a']);
    expect(names(roles.champions('press'))).toEqual([]);
  });

  it('B4 where a champion cannot be loaded its seat stays as it was seen', () => {
    const before = new History().enter('a').enter('b');
    const seen = [...before.steps];
    const {steps} = before.promote('b');
    const isLoaded = (loaded: readonly string[]) => (name: string) => loaded.includes(name);
    expect(withStandIns(steps, seen, isLoaded(['a', 'b']))).toEqual(steps);
    expect(withStandIns(steps, seen, isLoaded(['a']))).toEqual(seen);
  });
});
