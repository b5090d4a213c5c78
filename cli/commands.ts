import type {Command} from 'commander';

interface Listed {
  /** As the command says it itself. */
  readonly about: string;
  readonly load: () => Promise<Command>;
}

/** In the order of the help. Only the one that is asked for is loaded: all together they take a second. */
export const COMMANDS: Readonly<Record<string, Listed>> = {
  demo: {
    about: 'a simulated fleet on a fast clock, everything embedded; acts within limits on its own data',
    load: async () => (await import('./demo.ts')).demoCommand(),
  },
  start: {
    about: 'the service on your configuration (docs/configuration.md), until SIGTERM or Ctrl-C',
    load: async () => (await import('./start.ts')).startCommand(),
  },
  doctor: {
    about: 'what the service will find here: what works, what is missing, and how to get it',
    load: async () => (await import('./doctor.ts')).doctorCommand(),
  },
  migrate: {
    about: 'brings the database of the configuration to the schema of this release',
    load: async () => (await import('./migrate.ts')).migrateCommand(),
  },
  import: {
    about:
      'a folder of CSV files into the installed base, network and stock: all of it, or nothing and every mistake',
    load: async () => (await import('./import.ts')).importCommand(),
  },
  export: {
    about: 'the installed base, network and stock as a folder of CSV files; it imports to the same state',
    load: async () => (await import('./import.ts')).exportCommand(),
  },
  book: {
    about:
      'a CSV file of daily operations, one a line: issues, receipts, counts, steps of orders, repairs, answers to proposals',
    load: async () => (await import('./book.ts')).bookCommand(),
  },
  stock: {
    about: 'what lies where and for whom; issues, receipts, counts and statements',
    load: async () => (await import('./stock.ts')).stockCommand(),
  },
  atp: {
    about: 'what can be promised to a further customer, by part and depot',
    load: async () => (await import('./atp.ts')).atpCommand(),
  },
  demand: {
    about: 'the register of needs and backorders; forecasts of demand and how good they were',
    load: async () => (await import('./demand.ts')).demandCommand(),
  },
  alerts: {
    about: 'what is open, what somebody sees to, and who is told',
    load: async () => (await import('./alerts.ts')).alertsCommand(),
  },
  backorders: {
    about: 'what customers wait for, why, for how long already, and what was learned from it',
    load: async () => (await import('./backorders.ts')).backordersCommand(),
  },
  orders: {
    about: 'orders and transfers: list, confirm, ship, receive, cancel; lead times as learnt',
    load: async () => (await import('./orders.ts')).ordersCommand(),
  },
  edi: {
    about: 'X12: orders as 850; acknowledgements, ship notices, receipts and stock of partners',
    load: async () => (await import('./edi.ts')).ediCommand(),
  },
  plan: {
    about:
      'the stock of the whole network at once: targets, excess, moves between depots, last orders, policies, classes',
    load: async () => (await import('./plan.ts')).planCommand(),
  },
  repairs: {
    about: 'what technicians found and did',
    load: async () => (await import('./repairs.ts')).repairsCommand(),
  },
  feeds: {
    about: 'what partners have agreed to send, and when it last came',
    load: async () => (await import('./feeds.ts')).feedsCommand(),
  },
  share: {
    about: 'what parties are sent beyond their own, and on which terms',
    load: async () => (await import('./share.ts')).shareCommand(),
  },
  contracts: {
    about: 'contracts and their typed terms, as of a date',
    load: async () => (await import('./contracts.ts')).contractsCommand(),
  },
  sla: {
    about:
      'how each service level stands in its current window: kept, late, at risk, and what that adds up to',
    load: async () => (await import('./contracts.ts')).slaCommand(),
  },
  settlement: {
    about:
      'penalties of late cases that have ended and of late deliveries, and bonuses, by the contract’s formula',
    load: async () => (await import('./contracts.ts')).settlementCommand(),
  },
  hold: {
    about: 'legal holds: rows that no retention removes while they stand',
    load: async () => (await import('./hold.ts')).holdCommand(),
  },
  breach: {
    about: 'breaches of data: what is on record, and who was told of it by when',
    load: async () => (await import('./breach.ts')).breachCommand(),
  },
  audit: {
    about: 'the sealed audit trail: verify, anchors, packs for auditors; who asked the API for what',
    load: async () => (await import('./audit.ts')).auditCommand(),
  },
  user: {
    about: 'people who sign in, their roles and passwords',
    load: async () => (await import('./user.ts')).userCommand(),
  },
  token: {
    about: 'tokens of partners and programs, each with a role',
    load: async () => (await import('./token.ts')).tokenCommand(),
  },
  device: {
    about: 'MQTT logins of equipment: each speaks for itself alone',
    load: async () => (await import('./device.ts')).deviceCommand(),
  },
  quarantine: {
    about: 'what did not fit: rows of the books, and messages of equipment that nobody knows',
    load: async () => (await import('./quarantine.ts')).quarantineCommand(),
  },
  proposals: {
    about: 'decisions that wait for a planner',
    load: async () => (await import('./proposals.ts')).proposalsCommand(),
  },
  decisions: {
    about: 'what was decided, and why',
    load: async () => (await import('./decisions.ts')).decisionsCommand(),
  },
  model: {
    about: 'failure models: what they are, compared, promoted, taken back',
    load: async () => (await import('./model.ts')).modelCommand(),
  },
  tune: {
    about: 'thresholds, costs and limits: what is in force, and changes with a date',
    load: async () => (await import('./tune.ts')).tuneCommand(),
  },
  replay: {
    about:
      'recorded history: as if it happened now, or what another policy, stock or cost would have decided',
    load: async () => (await import('./replay.ts')).replayCommand(),
  },
  train: {
    about:
      'train the failure models on the simulated fleet, or on what this installation has recorded, and write them, each with its card, as new versions',
    load: async () => (await import('./train.ts')).trainCommand,
  },
  evaluate: {
    about: 'measure the methods on data and settings with known or published answers',
    load: async () => (await import('./evaluate.ts')).evaluateCommand(),
  },
};
