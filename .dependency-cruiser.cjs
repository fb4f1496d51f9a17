// The arrows of the house: models <- contract <- engine <- hosts <- main | cli; renderer sees only contract.
const only = (name, from, notTo, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: notTo },
});
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['\\.d\\.ts$', '\\.test\\.tsx?$', '^scripts/', '^[^/]+\\.(mjs|cjs|mts)$', '^e2e/', '^bench/'],
      },
      to: {},
    },
    only(
      'models-alone',
      '^models/(?!examples/)',
      '^(electron|renderer|e2e|scripts|models/examples)',
      'models is a library: it knows nothing of the application, nor of its own examples',
    ),
    only(
      'examples-use-models-only',
      '^models/examples/',
      '^(electron|renderer|e2e|scripts/(?!fetch-package))',
      'examples are what a stranger could write; they fetch their data as our scripts do',
    ),
    only(
      'contract-alone',
      '^electron/contract',
      '^(electron/(?!contract)|renderer|models|e2e)',
      'the contract is read by both sides',
    ),
    only(
      'engine-headless',
      '^electron/engine',
      '^(electron/(hosts|main|preload|cli)|renderer|e2e)',
      'the engine has no window',
    ),
    only(
      'hosts-below-main',
      '^electron/hosts',
      '^(electron/(main|preload|cli)|renderer|e2e)',
      'hosts start the engine, they know no window',
    ),
    only('main-not-cli', '^electron/main', '^(electron/cli|renderer|e2e)', 'main and cli are siblings'),
    only('cli-not-main', '^electron/cli', '^(electron/(main|preload)|renderer|e2e)', 'main and cli are siblings'),
    only(
      'preload-contract-only',
      '^electron/preload',
      '^(electron/(?!contract|preload)|models|renderer|e2e)',
      'the preload is one small file',
    ),
    only(
      'renderer-contract-only',
      '^renderer',
      '^(models|electron/(?!contract)|e2e|scripts)',
      'the page sees the contract and nothing else',
    ),
    {
      name: 'features-apart',
      severity: 'error',
      comment: 'a feature never imports another feature',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/([^/]+)/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'electron-from-main-only',
      severity: 'error',
      from: { pathNot: '^(electron/(main|preload)|e2e)/' },
      to: { path: '^(node_modules/)?electron($|/)', pathNot: '^electron/', dependencyTypes: ['npm', 'npm-dev'] },
    },
    {
      name: 'onnxruntime-from-runtime-only',
      severity: 'error',
      from: { path: '^(models|electron|renderer)/', pathNot: '^models/runtime/' },
      to: { path: 'node_modules/onnxruntime-node' },
    },
    {
      name: 'no-node-in-contract-or-page',
      severity: 'error',
      from: { path: '^(electron/contract|renderer)/', pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-node-in-models',
      severity: 'error',
      from: { path: '^models/', pathNot: '(\\.test\\.ts$|^models/(runtime|testing|examples)/)' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'shipped-code-needs-no-dev-only-native',
      severity: 'error',
      from: { path: '^electron/(main|engine|hosts)/', pathNot: '\\.test\\.ts$' },
      to: { path: 'node_modules/(vitest|@playwright|fast-check)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|release|\\.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
