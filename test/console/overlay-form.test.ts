import {expect, it} from 'vitest';
import {LAPSING, NOTHING_TYPED, bodyOf} from '../../console/web/src/pages/what-if/overlay-form.ts';
import {TERM_TYPES} from '../../domain/contract-term.ts';
import {Overlay} from '../../replenish/core/what-if/what-if-overlay.ts';

it('M2 stock, lead time, policy, cost, term and model are fields, and what they make is an overlay', () => {
  const {overlay, days} = bodyOf({
    ...NOTHING_TYPED,
    ...{addOnHand: '2', leadTimeScale: '1.5', marginShare: '0.05', priceScale: '1.1'},
    ...{lapsed: 'flex', model: 'chiller-64d6bd83', hazardScale: '2'},
  });
  expect(days).toBe(28);
  expect(Overlay.safeParse(overlay).error).toBeUndefined();
  expect(overlay).toMatchObject({
    stock: [{addOnHand: 2}],
    leadTimes: {sources: [{scale: 1.5}]},
    costs: {sources: [{priceScale: 1.1}]},
    policy: {marginShare: 0.05},
    terms: [{type: 'flex', lapsed: true}],
    model: [
      {method: 'version', modelVersion: 'chiller-64d6bd83'},
      {method: 'hazard-scale', factor: 2},
    ],
  });
});

it('M2 every kind of terms that can lapse in a what-if is offered, and no other', () => {
  const canLapse = TERM_TYPES.filter((type) => Overlay.safeParse({terms: [{type, lapsed: true}]}).success);
  expect(Object.keys(LAPSING).toSorted()).toEqual(canLapse.toSorted());
});

it('what is no number travels as it was typed, for the service to say what is wrong with it', () => {
  expect(bodyOf({...NOTHING_TYPED, marginShare: 'most'}).overlay).toEqual({policy: {marginShare: 'most'}});
});
