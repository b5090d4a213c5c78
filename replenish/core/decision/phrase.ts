import type {ApproverRole, Option, Reason} from '../../../domain/decision.ts';
import {PPM, formatMoney} from '../../../domain/quantity.ts';
import {epochMs, toIso} from '../../../domain/time.ts';
import {phraseTerm} from './phrase-term.ts';

const APPROVERS = {planner: 'a planner', ops: 'ops', admin: 'an admin'} as const satisfies Record<
  ApproverRole,
  string
>;

/** A probability for people, never rounded to the sure or to the impossible. Example: 123456 ppm → '12.3 %'; 40 → 'less than 0.01 %'. */
export function percent(ppm: number): string {
  const value = (ppm / PPM) * 100;
  if (value < 0.005) return 'less than 0.01 %';
  if (value >= 99.995) return 'more than 99.99 %';
  return `${value.toFixed(value >= 99.95 || value < 0.05 ? 2 : 1)} %`;
}

/** What there is and what is wanted; alike in print, they are told to the part per million. Example: 999912, 999941 → 99.9912 %, 99.9941 %. */
function percentsApart(is: number, wanted: number): readonly string[] {
  const printed = [percent(is), percent(wanted)];
  if (printed[0] !== printed[1] || is === wanted) return printed;
  return [is, wanted].map((ppm) => `${((ppm / PPM) * 100).toFixed(4)} %`);
}

/** Hours for people. Example: 30 → '30 h'; 240 → '10 days'. */
export function duration(hours: number): string {
  if (hours < 72) return `${Math.round(hours)} h`;
  return `${(hours / 24).toFixed(hours % 24 === 0 ? 0 : 1)} days`;
}

function pieces(count: number): string {
  return count === 1 ? '1 piece' : `${count} pieces`;
}

function released({cause, keepPpm}: Extract<Reason, {code: 'reservation-released'}>): string {
  switch (cause) {
    case 'forecast-decayed':
      return `its failure is expected with less than ${percent(keepPpm)} now`;
    case 'failed':
      return 'it failed, and its need takes the piece';
    case 'component-removed':
      return 'it is not installed there any more';
    case 'expired':
      return 'the time that it was reserved for is over';
    case 'piece-gone':
      return 'the piece is neither there nor on its way any more';
  }
}

/** Pieces a year for people. Example: 0.04 → '0.04'; 12.34 → '12.3'. */
function rate(perYear: number): string {
  return perYear.toFixed(perYear < 1 ? 2 : 1);
}

/** One reason as an English sentence. */
export function phraseReason(reason: Reason): string {
  switch (reason.code) {
    case 'position-covers-demand':
      return `What is here and coming (${pieces(reason.position)}) covers the demand with ${percent(reason.probabilityPpm)}; the target is ${reason.target}.`;
    case 'position-below-target': {
      const [covered, wanted] = percentsApart(reason.probabilityPpm, reason.wantedPpm);
      return `What is here and coming (${pieces(reason.position)}) covers the demand of the next ${duration(reason.leadTimeH)} with ${covered!} only; wanted are ${wanted!}, which takes ${reason.target}.`;
    }
    case 'failure-expected': {
      const signals = reason.signals.length === 0 ? '' : `: ${reason.signals.join('; ')}`;
      return `${reason.equipmentId} ${reason.positionId} (${reason.componentId}) fails within ${duration(reason.withinH)} with ${percent(reason.probabilityPpm)} by ${reason.method} ${reason.modelVersion}${signals}.`;
    }
    case 'background-demand':
      return `Beside its monitored machines the depot is asked for ${rate(reason.perYear)} pieces a year, by the forecast of ${toIso(epochMs(reason.forecastAt)).slice(0, 10)}: ${reason.credibilityPct} % of it from ${reason.historyMonths.toFixed(0)} months of demand, the rest from the ${reason.priorKind.replace('-', ' ')} (${rate(reason.priorPerYear)}).`;
    case 'campaign-demand': {
      const {campaignId, quantity, machines, endsAt, seen} = reason;
      const asks = `Campaign ${campaignId} may ask for ${pieces(quantity)} for each of ${machines} machines until ${toIso(epochMs(endsAt)).slice(0, 10)}`;
      return seen === undefined
        ? `${asks}.`
        : `${asks}: ${seen.served} of its ${seen.of} have asked, ${percent(seen.plannedPpm)} were planned, and ${seen.expectedHere} of those here are still expected, together many or together few.`;
    }
    case 'lot-shares-cause': {
      const named = reason.named.join(', ') + (reason.lots > reason.named.length ? ', …' : '');
      return `${reason.components} components of ${reason.lots === 1 ? 'lot' : `${reason.lots} lots:`} ${named} fail for a cause in common with ${percent(reason.sharePpm)}: the target is ${reason.target} with it and ${reason.targetApart} without.`;
    }
    case 'backorders-open':
      return `Customers wait for ${pieces(reason.pieces)} already, at ${formatMoney({minor: reason.perHourMinor, currency: reason.currency})} an hour.`;
    case 'planned-needs': {
      const {near, later, firstAt} = reason;
      const wanted = `Planned work needs ${pieces(near + later)} from ${toIso(epochMs(firstAt)).slice(0, 10)} on`;
      if (near === 0) return `${wanted}: an order for that can wait.`;
      return later === 0
        ? `${wanted}, within the time that an order takes.`
        : `${wanted}: ${near} within the time that an order takes, and for ${later} an order can wait.`;
    }
    case 'reorder-point-overridden':
      return `Customers have waited too long for ${pieces(reason.waiting)}: up to ${reason.capPieces} are ordered for them above the usual target of ${reason.usualTarget}, and ${reason.ordered} were.`;
    case 'supply-recovering':
      return `Supply recovers from a long backorder: the target is ${reason.target} in step ${reason.step} of ${reason.steps}, and ${reason.usualTarget} at its end.`;
    case 'backorders-recur':
      return `Customers waited ${reason.backorders} times in ${reason.withinDays} days: until that is past the level covers the demand with ${percent(reason.serviceMinPpm)} at least.`;
    case 'contract-charges':
      return `Contract ${reason.contractId} (version ${reason.version}) adds up to ${formatMoney({minor: reason.perHourMinor, currency: reason.currency})} of penalty to each hour of waiting.`;
    case 'lead-time-learned':
      return `${reason.sourceId} needs ${duration(reason.leadTimeH)} by its last ${reason.deliveries} deliveries; the master data says ${duration(reason.planH)}.`;
    case 'receipt-slips': {
      const times = reason.slips === 1 ? 'once' : `${reason.slips} times`;
      return `The date of order ${reason.orderId} was moved back ${times}: it is late again with ${percent(reason.probabilityPpm)}.`;
    }
    case 'saves-against-waiting':
      return `Saves ${formatMoney({minor: reason.savingMinor, currency: reason.currency})} of expected cost against waiting.`;
    case 'substitute-approved': {
      const machine = reason.equipmentId === null ? `line ${reason.demandId}` : reason.equipmentId;
      const ratio = reason.ratio === 1 ? 'one for one' : `${reason.ratio} for one`;
      return `${reason.partId} is approved to do the work, ${ratio}: it serves ${pieces(reason.serves)} of what ${machine} waits for.`;
    }
    case 'rebalanced':
      return `Proposed by the plan of the network (run ${reason.runId}): here the pieces save ${formatMoney({minor: reason.gainMinor, currency: reason.currency})} more than at ${reason.donorDepotId}, freight paid.`;
    case 'jointly-approximated':
      return `${reason.depots} depots want what ${reason.donors} donors have not got for all of them, in too many ways to compare: each is looked at by its own best, so another split may cost less in all.`;
    case 'donor-can-spare':
      return `${reason.donorDepotId} can spare it: its own expected cost rises by ${(reason.donorRiskMinor / 100).toFixed(2)}.`;
    case 'reserved-for':
      return `Reserves ${pieces(reason.quantity)} for ${reason.equipmentId} ${reason.positionId} (${reason.componentId}), which fails within ${duration(reason.withinH)} with ${percent(reason.probabilityPpm)}: so long, and while it stays at ${percent(reason.keepPpm)} or above.`;
    case 'reservation-released':
      return `${reason.depotId} no longer holds ${pieces(reason.quantity)} for ${reason.equipmentId} ${reason.positionId} (${reason.componentId}): ${released(reason)}.`;
    case 'rounded-up':
      return `Wanted ${reason.wanted}, ordered ${reason.ordered}: the minimum is ${reason.minimum}, in multiples of ${reason.multiple}.`;
    case 'economic-lot':
      return `Needed are ${reason.needed}, ordered are ${reason.ordered}: an order costs ${formatMoney({minor: reason.orderCostMinor, currency: reason.currency})} whatever is in it, and ${rate(reason.perYear)} pieces a year are sure to be asked for; the lot saves ${formatMoney({minor: reason.savingMinor, currency: reason.currency})} a year, holding paid.`;
    case 'order-stands':
      return `The order for ${pieces(reason.pieces)} asked for at ${toIso(epochMs(reason.askedAt))} stands for ${duration(reason.frozenH)}: since then only forecasts have moved.`;
    case 'source-short':
      return `Wanted ${reason.wanted}, but ${reason.sourceId} has ${reason.available} to send.`;
    case 'contract-term':
      return phraseTerm(reason, reason.sourceId);
    case 'saving-below-margin':
      return `The best alternative saves ${formatMoney({minor: reason.savingMinor, currency: reason.currency})}; below ${formatMoney({minor: reason.marginMinor, currency: reason.currency})} stock is not moved.`;
    case 'stock-capped':
      return `The shelf is at its maximum of ${reason.maxStock}.`;
    case 'no-source':
      return 'Nobody can deliver this part here now.';
    case 'needs-approval':
      return `Waits for approval by ${APPROVERS[reason.approverRole ?? 'planner']} (${reason.mode}: ${reason.limit}).`;
  }
}

/** What an option's expected cost consists of, without the items that are nothing; they add up to `totalMinor`. */
export function costItems(option: Option): {readonly name: string; readonly minor: number}[] {
  const {movement} = option;
  const action =
    movement === undefined
      ? [{name: 'fees and freight', minor: option.actionMinor}]
      : [
          {name: 'premium', minor: movement.premiumMinor},
          {name: 'fees', minor: movement.feeMinor},
          {name: 'freight', minor: movement.freightMinor},
          {name: 'duty', minor: movement.dutyMinor},
          {name: 'handling', minor: movement.handlingMinor},
        ];
  return [
    ...action,
    {name: 'downtime and penalty', minor: option.downtimeMinor},
    {name: 'holding', minor: option.holdingMinor},
    {name: 'risk of the donor', minor: option.donorRiskMinor},
  ].filter(({minor}) => minor !== 0);
}

/** One option in a few words. Example: 'transfer 1 from RTM-1 by road, here in 18 h'. */
export function phraseOption(option: Option): string {
  if (option.action === 'nothing') return 'nothing';
  const from = option.sourceKind === 'order' ? `order ${option.sourceId!}` : `from ${option.sourceId!}`;
  const mode = option.mode === null ? '' : ` by ${option.mode}`;
  const {arrival, substitute} = option;
  const here =
    arrival === null ? '' : arrival.meanH === 0 ? ', at once' : `, here in ${duration(arrival.meanH)}`;
  const part = substitute === undefined ? '' : ` of ${substitute.partId}`;
  return `${option.action} ${option.quantity}${part} ${from}${mode}${here}`;
}
