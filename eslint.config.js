import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'console/web/src/data/paths.d.ts',
      'node_modules/**',
      'test/fixtures/**',
      '**/*.js',
      '**/*.cjs',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true, allowBoolean: true}],
      '@typescript-eslint/no-confusing-void-expression': ['error', {ignoreArrowShorthand: true}],
      '@typescript-eslint/no-non-null-assertion': 'off', // noUncheckedIndexedAccess makes `!` the honest mark of a proven index
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/require-await': 'off', // ports are async although an in-memory adapter need not wait
      '@typescript-eslint/no-unnecessary-condition': ['error', {allowConstantLoopConditions: true}],
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['warn', {max: 400, skipComments: true, skipBlankLines: true}],
    },
  },
  {
    files: ['domain/**', '*/core/**'],
    rules: {
      'no-restricted-globals': ['error', 'Date', 'performance'],
      'no-restricted-properties': [
        'error',
        {object: 'Math', property: 'random', message: 'the core takes a seeded generator'},
      ],
    },
  },
  {
    files: [
      'cli/**',
      'bench/**',
      'chaos/**',
      'simulation/**',
      'scripts/**',
      'test/**',
      'predict/training/**',
    ],
    rules: {'no-console': 'off'},
  },
);
