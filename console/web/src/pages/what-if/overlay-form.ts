import type {paths} from '../../data/paths.d.ts';

export type WhatIfBody = paths['/api/v1/what-if']['post']['requestBody']['content']['application/json'];
export type WhatIfAnswer = paths['/api/v1/what-if']['post']['responses'][200]['content']['application/json'];

/** What is typed, as it is typed: nothing is lost when something of it is wrong. */
export interface Typed {
  readonly days: string;
  readonly partId: string;
  readonly depotId: string;
  readonly addOnHand: string;
  readonly leadTimeScale: string;
  readonly priceScale: string;
  readonly shortageScale: string;
  readonly marginShare: string;
  /** A kind of contract terms; empty: all are as agreed. */
  readonly lapsed: string;
  /** 'recorded', 'age', or a model version. */
  readonly model: string;
  readonly hazardScale: string;
  /** Further entries as JSON: other terms, contracts, lanes, … */
  readonly more: string;
}

export const NOTHING_TYPED: Typed = {
  ...{
    days: '28',
    partId: '',
    depotId: '',
    addOnHand: '',
    leadTimeScale: '',
    priceScale: '',
    shortageScale: '',
  },
  ...{marginShare: '', lapsed: '', model: 'recorded', hazardScale: '', more: ''},
};

/** Where the service names a mistake, by the field that it came from. */
export const PATHS: Readonly<Record<keyof Typed, string>> = {
  days: 'body.days',
  partId: 'body.partId',
  depotId: 'body.depotId',
  addOnHand: 'body.overlay.stock.0',
  leadTimeScale: 'body.overlay.leadTimes',
  priceScale: 'body.overlay.costs.sources',
  shortageScale: 'body.overlay.costs.shortage',
  marginShare: 'body.overlay.policy',
  lapsed: 'body.overlay.terms',
  model: 'body.overlay.model',
  hazardScale: 'body.overlay.model',
  more: 'body.overlay',
};

/** A number, or the text as it is: the service then says what is wrong with it, beside the field. */
const read = (text: string): number =>
  text.trim() === '' || Number.isNaN(Number(text)) ? (text as unknown as number) : Number(text);

/** Kinds of contract terms that a world without them can be tried for. */
export const LAPSING: Readonly<Record<string, string>> = {
  moq: 'least orders and lots',
  price: 'prices',
  calendar: 'shutdowns',
  flex: 'flexibility',
  vmiBand: 'bands of vendor-managed stock',
  exclusivity: 'exclusive sources',
  obsolescence: 'last orders',
  poolShare: 'shares of pools',
  substitution: 'consent to substitutes',
};

/**
 * The request for what is typed; an empty field changes nothing.
 *
 * @throws SyntaxError when `more` is no JSON
 */
export function bodyOf(typed: Typed): WhatIfBody {
  const more = typed.more.trim() === '' ? {} : (JSON.parse(typed.more) as Record<string, unknown>);
  const on = {
    ...(typed.partId === '' ? {} : {partId: typed.partId}),
    ...(typed.depotId === '' ? {} : {depotId: typed.depotId}),
  };
  const only = typed.partId === '' ? {} : {partId: typed.partId};
  // One after the other: the second changes the curve that the first has chosen.
  const changes = [
    ...(typed.model === 'recorded'
      ? []
      : [typed.model === 'age' ? {method: 'age'} : {method: 'version', modelVersion: typed.model}]),
    ...(typed.hazardScale === '' ? [] : [{method: 'hazard-scale', factor: read(typed.hazardScale)}]),
  ];
  const overlay = {
    ...(typed.addOnHand === '' ? {} : {stock: [{...on, addOnHand: read(typed.addOnHand)}]}),
    ...(typed.leadTimeScale === ''
      ? {}
      : {leadTimes: {sources: [{...on, scale: read(typed.leadTimeScale)}]}}),
    ...(typed.priceScale === '' && typed.shortageScale === ''
      ? {}
      : {
          costs: {
            ...(typed.priceScale === '' ? {} : {sources: [{...on, priceScale: read(typed.priceScale)}]}),
            ...(typed.shortageScale === '' ? {} : {shortage: [{...only, scale: read(typed.shortageScale)}]}),
          },
        }),
    ...(typed.marginShare === '' ? {} : {policy: {marginShare: read(typed.marginShare)}}),
    ...(typed.lapsed === '' ? {} : {terms: [{type: typed.lapsed, lapsed: true}]}),
    ...(changes.length === 0 ? {} : {model: changes}),
    ...more,
  };
  return {overlay: overlay as WhatIfBody['overlay'], days: read(typed.days), ...on};
}
