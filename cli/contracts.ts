import {Command} from 'commander';
import {z} from 'zod';
import {CapitalRow, Contract, ContractRow} from '../console/api/routes/contracts.ts';
import {ClauseRow, SettlementRow} from '../console/api/routes/service-levels.ts';
import {Instant} from '../console/api/wire.ts';
import {formatMoney} from '../domain/quantity.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {withApi} from './api-client.ts';
import {listCommand} from './operations/list-command.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';

const Versions = z.object({versions: z.array(Contract)});

/** What was agreed with whom, and until when. */
export function contractsCommand(): Command {
  const list = listCommand({
    path: '/api/v1/contracts',
    page: z.object({contracts: z.array(Contract)}),
    text: ({contracts}) => contractTable(contracts),
    example: 'forestock contracts list --as-of 2026-01-05T00:00:00.000Z',
  });
  const show = askCommand(
    'show',
    'every version of a contract with all its terms, the newest first',
    'forestock contracts show SLA-CUST-01',
  )
    .argument('<contractId>')
    .action(async (contractId: string, options: AskOptions) => {
      const found = await withApi(options, (api) =>
        api.get(`/api/v1/contracts/${encodeURIComponent(contractId)}`),
      );
      answer(options.json, found, () =>
        z
          .decode(Versions, found as z.input<typeof Versions>)
          .versions.map(versionText)
          .join('\n\n'),
      );
    });
  const expiring = listCommand({
    name: 'expiring',
    path: '/api/v1/contracts/expiring',
    page: z.object({contracts: z.array(ContractRow)}),
    text: ({contracts}) => contractTable(contracts),
    example: 'forestock contracts expiring --within-days 90',
  });
  const capital = listCommand({
    name: 'capital',
    path: '/api/v1/working-capital',
    page: z.object({capital: z.array(CapitalRow)}),
    text: (page) => capitalTable(page.capital),
    example: 'forestock contracts capital --party SUP-01',
  });
  return [list, show, expiring, capital].reduce(
    (group, each) => group.addCommand(each),
    new Command('contracts').description('contracts and their typed terms, as of a date'),
  );
}

/** How the service levels stand. */
export function slaCommand(): Command {
  return listCommand({
    name: 'sla',
    path: '/api/v1/sla',
    page: z.object({clauses: z.array(ClauseRow)}),
    text: ({clauses}) => clauseTable(clauses),
    example: 'forestock sla --contract SLA-CUST-01',
  });
}

/** What lateness costs, and keeping earns. */
export function settlementCommand(): Command {
  return listCommand({
    name: 'settlement',
    path: '/api/v1/settlement',
    page: z.object({from: Instant, to: Instant, lines: z.array(SettlementRow)}),
    text: ({lines}) => settlementTable(lines),
    example: 'forestock settlement --contract SLA-CUST-01 --from 2026-01-01T00:00:00.000Z',
  });
}

function dayText(at: number | null): string {
  return at === null ? 'open' : toMinute(epochMs(at));
}

function contractTable(contracts: readonly z.output<typeof ContractRow>[]): string {
  if (contracts.length === 0) return 'none';
  return table(
    ['contract', 'version', 'between', 'and', 'type', 'tier', 'from', 'until'],
    contracts.map((one) => [
      one.contractId,
      one.version,
      one.partyA,
      one.partyB,
      one.type,
      one.tier,
      dayText(one.validFrom),
      dayText(one.validTo),
    ]),
  );
}

function capitalTable(capital: readonly z.output<typeof CapitalRow>[]): string {
  if (capital.length === 0) return 'none';
  return table(
    ['owner', 'held by', 'where', 'pieces', 'value'],
    capital.map(({ownerPartyId, holderPartyId, state, pieces, valueMinor, currency}) => [
      ownerPartyId,
      holderPartyId,
      state,
      pieces,
      formatMoney({minor: valueMinor, currency}),
    ]),
  );
}

function versionText({
  contractId,
  version,
  status,
  validFrom,
  validTo,
  penaltyMinorPerH,
  terms,
}: z.output<typeof Contract>): string {
  const head = `${contractId} version ${version}, ${status}, ${dayText(validFrom)} to ${dayText(validTo)}`;
  if (terms.length === 0) {
    const charge = `charges ${penaltyMinorPerH / 100} an hour of standstill, in the machine's currency`;
    return `${head}\nno typed terms${penaltyMinorPerH === 0 ? '' : `; ${charge}`}`;
  }
  const rows = terms.map(({termNo, type, params, scope, from, to, clauseRef}) => [
    termNo,
    type,
    JSON.stringify(params),
    Object.keys(scope).length === 0 ? 'all' : JSON.stringify(scope),
    `${dayText(from)} to ${dayText(to)}`,
    clauseRef,
  ]);
  return `${head}\n${table(['no', 'type', 'what', 'about', 'counts', 'clause'], rows)}`;
}

const percentText = (share: number): string => `${share.toFixed(1)} %`;

const shareText = (share: number | null): string => (share === null ? '-' : percentText(share));
/** Of a service level that adds up waiting. */
const sumText = ({metric}: Pick<z.output<typeof ClauseRow>, 'metric'>, value: number): string =>
  metric === 'availability' ? `${value.toFixed(2)} %` : `${value.toFixed(2)} d`;

function clauseTable(clauses: readonly z.output<typeof ClauseRow>[]): string {
  if (clauses.length === 0) return 'none';
  return table(
    [
      'contract',
      'no',
      'metric',
      'target',
      'window until',
      'on time',
      'late',
      'running',
      'kept',
      'breach',
      'reached',
    ],
    clauses.map((one) => [
      one.contractId,
      one.termNo,
      one.metric,
      one.target === null ? `${percentText(one.sharePct)} in ${one.limitH} h` : sumText(one, one.target),
      toMinute(epochMs(one.to)),
      one.onTime,
      one.late,
      one.running,
      one.measured === null ? shareText(one.compliancePct) : sumText(one, one.measured),
      one.breached ? 'yes' : percentText(100 * one.breachProbability),
      one.triggers.flatMap(({reached, action}) => (reached ? [action] : [])).join(', ') || '-',
    ]),
  );
}

function settlementTable(lines: readonly z.output<typeof SettlementRow>[]): string {
  if (lines.length === 0) return 'none';
  return table(
    ['due', 'contract', 'clause', 'what', 'machine or order', 'late h', 'amount'],
    lines.map((line) => [
      toMinute(epochMs(line.dueAt)),
      line.contractId,
      line.clauseRef || `term ${line.termNo}`,
      line.kind,
      line.equipmentId ?? line.orderId ?? '-',
      line.lateH === null ? '-' : line.lateH.toFixed(2),
      formatMoney({minor: line.amountMinor, currency: line.currency}),
    ]),
  );
}
