import { describe, expect, it } from 'vitest';
import { childEnvironment } from './node-host';

describe('childEnvironment', () => {
  it('passes on what a child needs and nothing of the shell', () => {
    const environment = childEnvironment({ PATH: '/bin', HOME: '/home/one', SECRET: 'x', NODE_OPTIONS: '--require y' });
    expect(environment).toEqual({ PATH: '/bin', HOME: '/home/one', ORT_DISABLE_TELEMETRY: '1' });
  });

  it('keeps the runtime silent whatever the shell says', () => {
    expect(childEnvironment({ ORT_DISABLE_TELEMETRY: '0' })['ORT_DISABLE_TELEMETRY']).toBe('1');
  });
});
