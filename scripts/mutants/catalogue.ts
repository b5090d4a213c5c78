import type {Mutant} from './mutant.ts';
import {OUTBOX_MUTANTS} from './outbox-mutants.ts';

const STORE_SERVICE = 'ingest/store/store-service.ts';
const STORE_BATCH_TEST = 'test/ingest/store/store-batch.pg.test.ts';

/** Each has lost or doubled data somewhere: in peers, or in an earlier state of this code. */
const CHAIN_MUTANTS: readonly Mutant[] = [
  {
    name: 'ack before persist',
    bug: 'the door answers before bus or store have the message: what is in memory at a crash is lost',
    edits: [
      {
        file: 'ingest/service.ts',
        text: 'return this.#ports.sink.publish(messages, this.promisedTo(topic));',
        becomes:
          'void this.#ports.sink.publish(messages, this.promisedTo(topic)).catch(() => undefined);\n    return Promise.resolve();',
      },
    ],
    tests: [
      {
        project: 'unit',
        file: 'test/ingest/door-service.test.ts',
        name: 'rejects the packet, so that no PUBACK goes out, when the bus cannot take a message',
      },
    ],
  },
  {
    name: 'no epoch guard',
    bug: 'a PUBACK of the old connection goes out on the new one, and erases another message at the broker',
    edits: [
      {
        file: 'ingest/adapters/mqtt-session.ts',
        text: 'new OrderedAcks((bytes) => stream.write(bytes))',
        becomes: 'new OrderedAcks((bytes) => this.#client!.stream.write(bytes))',
      },
      {
        file: 'ingest/adapters/ordered-acks.ts',
        text: '    this.#over = true;\n    this.#queue.length = 0;\n',
        becomes: '',
      },
    ],
    tests: [
      {
        project: 'mqtt',
        file: 'test/ingest/external-door.mqtt.test.ts',
        name: 'never acknowledges on a new connection what came on the old one',
      },
    ],
  },
  {
    name: 'missing unique key',
    bug: 'nothing but memory keeps a reading from being stored twice',
    edits: [
      {
        file: 'deploy/migrations/0003_ingest.sql',
        text: `    texts jsonb,
    PRIMARY KEY (equipment_no, observed_at, message_key))' || suffix;`,
        becomes: `    texts jsonb)' || suffix;`,
      },
    ],
    tests: [
      {
        project: 'pg',
        file: 'test/ingest/store/known-bugs.pg.test.ts',
        name: 'a reading is stored once, also where it is forgotten which numbers were heard',
      },
    ],
  },
  {
    name: 'ack before commit',
    bug: 'the store says done before its transaction has ended: what is rolled back is lost',
    edits: [
      {
        file: STORE_SERVICE,
        text: '        await commit(ports, store, metrics, messages);\n        for (const delivery of batch) delivery.done();\n',
        becomes:
          '        for (const delivery of batch) delivery.done();\n        await commit(ports, store, metrics, messages);\n',
      },
    ],
    tests: [
      {
        project: 'pg',
        file: 'test/ingest/store/known-bugs.pg.test.ts',
        name: 'what the store cannot commit is not done',
      },
    ],
  },
  {
    name: 'memory-only window',
    bug: 'which numbers a boot has sent is known to one process only: the next one takes a number used twice, and sees holes',
    edits: [
      {
        file: 'ingest/store/sequence-log.ts',
        text: '  if (missing.length === 0) return;',
        becomes: '  if (missing.length >= 0) return;',
      },
    ],
    tests: [
      {
        project: 'pg',
        file: STORE_BATCH_TEST,
        name: 'the same number at another time is a conflict too, also weeks later and by another store process',
      },
    ],
  },
  {
    name: 'no bisect',
    bug: 'one row that the database refuses takes its whole batch with it',
    edits: [
      {
        file: STORE_SERVICE,
        text: `    const middle = batch.length >> 1;
    await commit(ports, store, metrics, batch.slice(0, middle));
    await commit(ports, store, metrics, batch.slice(middle));
`,
        becomes: `    for (const {message} of batch) await keepPoison(ports, message, messageOf(error));
`,
      },
    ],
    tests: [
      {
        project: 'pg',
        file: 'test/ingest/store/store-service.pg.test.ts',
        name: 'a row that the database refuses becomes a letter and does not stop its batch: a NUL in a text',
      },
    ],
  },
  {
    name: 'dedupe trusted beyond its window',
    bug: 'the bus is trusted to have dropped every repeat, also those that come after its two minutes',
    edits: [
      {
        file: 'ingest/store/store-batch.ts',
        text: '  if (doubtful.length === 0) return',
        becomes: '  if (doubtful.length >= 0) return',
      },
    ],
    tests: [
      {
        project: 'pg',
        file: STORE_BATCH_TEST,
        name: 'a message that comes twice, in one batch or later, is stored once',
      },
    ],
  },
  {
    name: 'consumer beyond its stream',
    bug: 'after a power cut of the bus its consumer is beyond numbers that new messages get: they never come, and count as committed',
    edits: [
      {
        file: 'ingest/adapters/jetstream-stream.ts',
        text: '    if (state.last_seq >= floor.stream_seq) return false;\n  }\n',
        becomes:
          '    if (state.last_seq >= floor.stream_seq) return false;\n  }\n  if (floor.stream_seq >= 0) return false;\n',
      },
    ],
    tests: [
      {
        project: 'nats',
        file: 'test/ingest/jetstream-bus.nats.test.ts',
        name: 'after a power cut that took messages and left how far their consumer had come, what is published is stored all the same',
      },
      {
        project: 'sim',
        file: 'test/simulation/simulate.sim.test.ts',
        name: 'under crashes, resets and lost answers every message is stored once, or a letter, or reported missing',
      },
    ],
  },
  {
    name: 'seals by identity',
    bug: 'the sealer goes on after the highest identity it has sealed: an entry that commits late never gets a seal',
    edits: [
      {
        file: 'deploy/migrations/0032_audit_seal.sql',
        text: 'JOIN platform.audit_entry e USING (audit_id) ORDER BY audit_id LIMIT p_rows_max LOOP',
        becomes:
          'JOIN platform.audit_entry e USING (audit_id) WHERE audit_id > (SELECT coalesce(max(s.audit_id), 0) FROM platform.audit_seal s) ORDER BY audit_id LIMIT p_rows_max LOOP',
      },
    ],
    tests: [
      {
        project: 'pg',
        file: 'test/platform/audit/sealer.pg.test.ts',
        name: 'a rolled-back transaction leaves no hole, and a late commit is sealed when it comes',
      },
    ],
  },
];

export const MUTANTS: readonly Mutant[] = [...CHAIN_MUTANTS, ...OUTBOX_MUTANTS];
