import {z} from 'zod';
import {PartyId} from '../domain/ids.ts';
import {ok, refused} from '../domain/result.ts';
import type {Command} from './command.ts';
import {cancelDemand} from './demand-commands.ts';
import {origin} from './command.ts';
import {outstanding} from './core/demand-line.ts';
import {PART_PROBLEMS} from './ports.ts';
import {signalGroups} from './settle.ts';

export const ReportPart = z.object({
  ...origin,
  demandId: z.uuid().describe('The need that the part was for'),
  problem: z.enum(PART_PROBLEMS).describe('What is wrong with what came, or that nothing came'),
  pieces: z.int().min(1).optional().describe('How many of the pieces; default all that it is about'),
  note: z.string().max(2000).optional().describe('For the record'),
  partyId: PartyId.optional().describe('Whose log it goes into; default the customer of the need'),
});

export interface PartReported {
  readonly reportId: string;
  /** The need that it opened; null: the line still waits for its pieces anyway. */
  readonly openedDemandId: string | null;
}

/**
 * What was handed out for a need and did not serve it. The line stays filled, for the pieces did leave the shelf; the same need is opened
 * anew for as many, and the planning group looks at once. Of a line that still waits only the report is kept.
 */
export const reportPart: Command<z.infer<typeof ReportPart>, PartReported> = {
  kind: 'report-part',
  schema: ReportPart,
  quarantined: false,
  async work({source, sourceKey, demandId, problem, note = null, ...body}, {ports, books, now, cause}) {
    const line = await books.demandLine(demandId);
    if (line === null)
      return refused(
        'unknown-demand',
        `demand line ${demandId} is not known; look it up in the list of jobs`,
      );
    const partyId = body.partyId ?? line.customerPartyId;
    if (partyId === null)
      return refused(
        'unknown-party',
        `demand line ${demandId} is of no customer; say whose log it goes into (partyId)`,
      );
    if (line.state === 'cancelled')
      return refused('demand-closed', `demand line ${demandId} was called off; nothing came for it`);
    const isWaiting = outstanding(line) > 0;
    const most = isWaiting ? outstanding(line) : line.filledQty - (await books.replacedPieces(demandId));
    const {pieces = most} = body;
    if (pieces < 1 || pieces > most)
      return refused(
        'over-report',
        `demand line ${demandId}: ${most} of its pieces can be reported, not ${Math.max(pieces, 1)}; the rest was reported before`,
      );
    const openedDemandId = isWaiting ? null : ports.causeId('demand', 'part-report', source, sourceKey);
    if (openedDemandId !== null) {
      const anew = {qty: pieces, filledQty: 0, requestedAt: now, neededAt: now, filledAt: null} as const;
      await books.insertLine({
        ...{...line, ...anew, demandId: openedDemandId, state: 'open', cancelledAt: null, cause: problem},
        ...{source: 'part-report', sourceKey: cause},
      });
      await signalGroups(ports, books, new Map([[line.partId, cause]]), 'demand', now);
    }
    const reportId = ports.causeId('part-report', source, sourceKey);
    const report = {reportId, source, sourceKey, partyId, demandId, problem, pieces, note};
    await books.savePartReport({...report, reportedAt: now, openedDemandId});
    return ok({reportId, openedDemandId});
  },
};

export const AnswerPartReport = z.object({
  ...origin,
  reportId: z.uuid(),
  answer: z.string().trim().min(1).max(2000).describe('What the technician is told'),
  callOff: z
    .boolean()
    .default(false)
    .describe('The need that the report opened is called off: the pieces are not sent again'),
});

export interface ReportAnswered {
  readonly reportId: string;
  /** Pieces that are not sent again after all. */
  readonly cancelledQty: number;
}

/** A planner's word on a report; a later one takes its place, and the audit trail keeps both. */
export const answerPartReport: Command<z.infer<typeof AnswerPartReport>, ReportAnswered> = {
  kind: 'answer-part-report',
  schema: AnswerPartReport,
  quarantined: false,
  async work({source, sourceKey, reportId, answer, callOff}, work) {
    const report = await work.books.partReport(reportId);
    if (report === null)
      return refused(
        'unknown-report',
        `part report ${reportId} is not known; look it up in /api/v1/part-reports`,
      );
    let cancelledQty = 0;
    if (callOff) {
      const demandId = report.openedDemandId;
      if (demandId === null)
        return refused(
          'demand-closed',
          `part report ${reportId} has opened no need; call off the need that it is about, or answer without calling off`,
        );
      const off = {source, sourceKey, demandId, reason: 'not-needed', note: answer} as const;
      const called = await cancelDemand.work(off, work);
      if (!called.ok) return called;
      cancelledQty = called.value.cancelledQty;
    }
    await work.books.answerPartReport({reportId, answer, at: work.now});
    return ok({reportId, cancelledQty});
  },
};
