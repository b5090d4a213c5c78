/**
 * Who may import whom. Each rule's comment is the sentence you would hear in review.
 * `npm run boundaries` runs it, and asserts that every source file was looked at.
 */
const STAGES = 'ingest|predict|replenish|network|partners|notices';
const ZOD = '^node_modules/zod/';

/** What a stage's core may read beside its own: a decision shares the order in which needs are served with the books. */
const OTHER_CORES = {replenish: '^network/core/'};

const coreRules = STAGES.split('|').map((stage) => ({
  name: `core-of-${stage}`,
  severity: 'error',
  comment:
    'The core decides from values: it imports the shared language and itself, so that a test needs no world.',
  from: {path: `^${stage}/core/`},
  to: {pathNot: ['^domain/', ZOD, `^${stage}/core/`, ...(OTHER_CORES[stage] ? [OTHER_CORES[stage]] : [])]},
}));

module.exports = {
  forbidden: [
    {
      name: 'domain-is-the-bottom',
      severity: 'error',
      comment: 'Everybody speaks the shared language, so it depends on nobody but zod.',
      from: {path: '^domain/'},
      to: {pathNot: ['^domain/', ZOD]},
    },
    ...coreRules,
    {
      name: 'ports-are-interfaces',
      severity: 'error',
      comment: 'A port says what the stage needs in its own words; it knows no library and no neighbour.',
      from: {path: `^(${STAGES})/[a-z-]*ports\\.ts$`},
      to: {pathNot: ['^domain/', '^$1/core/', '^$1/[^/]+\\.ts$', ZOD]},
    },
    {
      name: 'stage-reaches-the-world-through-ports',
      severity: 'error',
      comment:
        'Services and commands work on ports; the library belongs into adapters/, the wiring into main.ts.',
      from: {path: `^(${STAGES})/[a-z-]*(service|ports)\\.ts$`},
      to: {
        path: ['^platform/', `^(${STAGES})/adapters/`, `^(${STAGES})/main\\.ts$`, '^node_modules/(?!zod/)'],
      },
    },
    {
      name: 'api-is-queries-and-commands',
      severity: 'error',
      comment:
        'An api reads rows through platform and its own adapters; a library of its own belongs into those.',
      from: {path: `^(${STAGES})/api\\.ts$`},
      to: {path: '^node_modules/(?!zod/)'},
    },
    {
      name: 'stages-keep-their-insides',
      severity: 'error',
      comment: 'A stage speaks to a neighbour through rows and messages, never by importing its insides.',
      from: {path: `^(${STAGES})/`, pathNot: `^(${STAGES})/core/`}, // of the cores, the rules above
      to: {path: `^(${STAGES})/`, pathNot: '^$1/'},
    },
    {
      name: 'only-main-knows-everybody',
      severity: 'error',
      comment: 'main.ts wires; nothing of its stage may lean on it.',
      from: {path: `^(${STAGES})/`, pathNot: `^(${STAGES})/main\\.ts$`},
      to: {path: `^(${STAGES})/main\\.ts$`},
    },
    {
      name: 'platform-knows-no-stage',
      severity: 'error',
      comment: 'Connections, clocks and logs serve all stages, so they know none.',
      from: {path: '^platform/'},
      to: {path: `^(${STAGES}|console|cli|simulator|models|bench|chaos|scripts|simulation)/`},
    },
    {
      name: 'console-uses-the-api',
      severity: 'error',
      comment: 'The console sees what any client sees: commands and queries of api.ts.',
      from: {path: '^console/'},
      to: {path: `^(${STAGES}|simulator|cli|models)/`, pathNot: `^(${STAGES})/api\\.ts$`},
    },
    {
      name: 'simulator-is-equipment',
      severity: 'error',
      comment:
        'The simulator is the world outside: it speaks MQTT like any equipment and shares the language only.',
      from: {path: '^simulator/'},
      to: {path: [`^(${STAGES}|console|cli|platform)/`, '^node_modules/(?!mqtt/|zod/)']},
    },
    {
      name: 'nobody-leans-on-the-simulator',
      severity: 'error',
      comment: 'The product runs on real equipment; only the command line starts the simulated one.',
      from: {path: `^(domain|platform|console|${STAGES})/`},
      to: {path: '^simulator/'},
    },
    {
      name: 'cli-is-thin',
      severity: 'error',
      comment:
        'A command wires api.ts and main.ts together; what it wants from inside a stage belongs into that api.',
      from: {path: '^cli/', pathNot: '^cli/(oracle|evaluate/)'}, // oracles and evaluations measure the very functions of the cores
      to: {path: `^(${STAGES})/`, pathNot: `^(${STAGES})/(api|main)\\.ts$`},
    },
    {
      name: 'oracles-check-cores',
      severity: 'error',
      comment: 'An oracle compares the pure functions with published figures; it needs no shell.',
      from: {path: '^cli/oracle'},
      to: {path: `^(${STAGES})/`, pathNot: `^(${STAGES})/core/`},
    },
    {
      name: 'product-without-its-scaffolding',
      severity: 'error',
      comment: 'What ships must not need tests, measurements or build scripts.',
      from: {path: `^(domain|platform|console|cli|simulator|${STAGES})/`},
      to: {path: '^(test|bench|chaos|scripts|simulation)/'},
    },
    {
      name: 'models-are-data',
      severity: 'error',
      comment: 'A model is read from a file with its manifest, never imported as code.',
      from: {},
      to: {path: '^models/'},
    },
    {
      name: 'no-dev-dependency-in-the-product',
      severity: 'error',
      comment: 'An image installs with --omit=dev; this import would fail there.',
      from: {path: `^(domain|platform|console/api|cli|simulator|${STAGES})/`},
      to: {dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only']},
    },
    {
      name: 'no-circle',
      severity: 'error',
      comment: 'Two files that need each other are one noun, or hide a third.',
      from: {},
      to: {circular: true, viaOnly: {dependencyTypesNot: ['type-only']}},
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'This import leads nowhere.',
      from: {},
      to: {couldNotResolve: true, pathNot: '^@tensorflow/tfjs-node$'}, // an optional dependency
    },
  ],
  options: {
    doNotFollow: {path: '^node_modules'},
    exclude: {path: ['^dist/', '^test/fixtures/', '^console/web/', '^\\.forestock']},
    tsPreCompilationDeps: true, // types are dependencies too
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
