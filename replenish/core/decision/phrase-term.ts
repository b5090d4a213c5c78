import {formatMoney} from '../../../domain/quantity.ts';
import type {TermEffect} from '../../../domain/term-effect.ts';
import {epochMs, toIso} from '../../../domain/time.ts';

/** What a contract's term makes of a way, as an English sentence. */
export function phraseTerm(effect: TermEffect, sourceId: string | null): string {
  const contract = `Contract ${effect.contractId}, term ${effect.termNo}`;
  const source = sourceId ?? 'the source';
  switch (effect.term) {
    case 'moq':
      return `${contract}: ${source} delivers ${effect.minimum} or more, in multiples of ${effect.multiple}.`;
    case 'price': {
      const [price, usual] = [effect.priceMinor, effect.insteadOfMinor].map((minor) =>
        formatMoney({minor, currency: effect.currency}),
      );
      return `${contract}: a piece costs ${price!} in an order of this size, instead of ${usual!}.`;
    }
    case 'calendar':
      return `${contract}: ${source} is shut down until ${toIso(epochMs(effect.reopensAt)).slice(0, 10)}; what is ordered now is here ${(effect.laterH / 24).toFixed(1)} days later.`;
    case 'flex':
      return `${contract}: ${effect.beyond} of the pieces are beyond what the period may take and cost ${effect.surchargePct} % more.`;
    case 'vmiBand': {
      const {minimum, maximum, position} = effect;
      const band = `${contract}: ${source} keeps ${minimum} to ${maximum} here by itself`;
      return position < minimum
        ? `${band}, and has missed that: here and coming are ${position}.`
        : `${band}: with ${position} here and coming nothing is ordered from it.`;
    }
    case 'poolShare': {
      const price = formatMoney({minor: effect.priceMinor, currency: effect.currency});
      return `${contract}: ${source} lends ${effect.piecesMax} at most, at ${price} a piece.`;
    }
    case 'substitution': {
      const role = effect.approverRole === null ? [] : [effect.approverRole];
      const asked = [...role, ...(effect.customerConsent ? ['the customer'] : [])].join(' and ');
      return `${contract}: ${asked} must agree to another part first.`;
    }
    case 'unused':
      return `${contract}: its ${effect.type} is in ${effect.currency}, which is not the part’s currency, and is not reckoned with.`;
  }
}
