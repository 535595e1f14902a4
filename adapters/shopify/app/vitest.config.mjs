import {defineConfig} from 'vitest/config';

export default defineConfig({
  oxc: {jsx: {runtime: 'automatic', importSource: 'preact'}},
  test: {
    environment: 'jsdom',
    include: ['tests/*.test.ts'],
    // the tester is written to be bundled: as it is, Node cannot read what it imports
    server: {deps: {inline: [/ui-extensions-tester/]}},
  },
});
