import type {Mutant, NamedTest} from './mutant.ts';

const OUTBOX = 'platform/outbox.ts';

const SIMULATED: NamedTest = {
  project: 'sim',
  file: 'test/simulation/simulate.sim.test.ts',
  name: 'whatever is decided is done once and in time',
};

/** Of the way out: each has done something twice, or not at all, to somebody else's system. */
export const OUTBOX_MUTANTS: readonly Mutant[] = [
  {
    name: 'id-cursor outbox',
    bug: 'the poller remembers the last id it saw: an effect that commits later under a smaller one never leaves',
    edits: [
      {
        file: OUTBOX,
        text: '  const claimed = await book.claim({batchMax, leaseMs, probed: [...probed]});\n',
        becomes:
          '  const due = await book.claim({batchMax, leaseMs, probed: [...probed]});\n' +
          '  const claimed = due.filter(({outboxId}) => outboxId > lastSeen);\n' +
          '  lastSeen = Math.max(lastSeen, ...claimed.map(({outboxId}) => outboxId));\n',
      },
      {
        file: OUTBOX,
        text: 'export async function deliverOutbox(',
        becomes: 'let lastSeen = 0;\nexport async function deliverOutbox(',
      },
    ],
    tests: [
      {
        project: 'pg',
        file: 'test/platform/outbox.pg.test.ts',
        name: 'an effect that commits after a later one is delivered too',
      },
      SIMULATED,
    ],
  },
  {
    name: 'marked before delivered',
    bug: 'an effect is marked as delivered before its receiver has it: a crash or a 503 between the two loses it',
    edits: [
      {
        file: OUTBOX,
        text: '        await target.deliver(effect);\n',
        becomes: '        await settle(options, effect);\n        await target.deliver(effect);\n',
      },
    ],
    tests: [SIMULATED],
  },
  {
    name: 'a clock that was set back',
    bug: "what was leased or put off before the database's clock was set back waits until that clock is there again",
    edits: [
      {
        file: 'platform/come-due.ts',
        text: '`${column} > clock_timestamp()',
        becomes: '`false AND ${column} > clock_timestamp()',
      },
    ],
    tests: [
      {
        project: 'pg',
        file: 'test/platform/outbox.pg.test.ts',
        name: 'a clock that is set back keeps nobody waiting until it is there again: neither lease, pause nor question',
      },
      {
        project: 'pg',
        file: 'test/platform/lease-book.pg.test.ts',
        name: 'a process that was killed before the clock was set back is replaced as well',
      },
    ],
  },
  {
    name: 'a key for each attempt',
    bug: 'the receiver cannot know a repeat: an answer that got lost is a second order',
    edits: [
      {
        file: 'platform/outbox-targets.ts',
        text: `'webhook-id': idempotencyKey,`,
        becomes: `'webhook-id': \`\${idempotencyKey}:\${Date.now()}\`,`,
      },
      {
        file: 'platform/outbox-targets.ts',
        text: 'signer.sign(idempotencyKey,',
        becomes: 'signer.sign(`${idempotencyKey}:${Date.now()}`,',
      },
    ],
    tests: [SIMULATED],
  },
  {
    name: 'silence taken for yes',
    bug: 'a receiver that does not answer in time is believed to have the effect',
    edits: [
      {
        file: OUTBOX,
        text: '        const reason = messageOf(error).slice(0, 500);\n',
        becomes:
          `        const reason = messageOf(error).slice(0, 500);\n` +
          `        if (reason.startsWith('no answer')) return await settle(options, effect);\n`,
      },
    ],
    tests: [SIMULATED],
  },
  {
    name: 'patience longer than the lease',
    bug: 'a receiver is waited for longer than the lease lasts: two workers send the same effect at once',
    edits: [
      {
        file: 'platform/outbox-targets.ts',
        text: 'const ANSWER_WITHIN_MS = 10_000;',
        becomes: 'const ANSWER_WITHIN_MS = 120_000;',
      },
    ],
    tests: [SIMULATED],
  },
  {
    name: 'given up by attempts',
    bug: 'twelve attempts and no more: a receiver that is away for an hour loses everything to the dead letters',
    edits: [
      {
        file: OUTBOX,
        text: 'book.postpone(effect, {reason, pauseMs, giveUpAfterMs});',
        becomes:
          'book.postpone(effect, {reason, pauseMs, giveUpAfterMs: attempts >= 12 ? 0 : giveUpAfterMs});',
      },
    ],
    tests: [SIMULATED],
  },
  {
    name: 'a breaker that stays open',
    bug: 'a target that answers again goes on resting: what waits for it leaves one by one',
    edits: [
      {
        file: OUTBOX,
        text: '    if (suspect) await book.answered(targetId);\n',
        becomes: '',
      },
    ],
    tests: [SIMULATED],
  },
  {
    name: 'a key of the content',
    bug: 'two decisions that order the same are one effect: the second order never leaves',
    edits: [
      {
        file: 'replenish/carry-out.ts',
        text: '`${target}:order:${decisionId}`',
        becomes: '`${target}:order:${depot.depotId}:${part.partId}:${option.quantity}`',
      },
    ],
    tests: [SIMULATED],
  },
];
