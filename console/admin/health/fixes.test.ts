import { expect, test } from 'vitest';
import { CHECK_NAMES } from '../../../shared/protocol/health.ts';
import { TABS } from '../settings/tabs.ts';
import { FIXES } from './fixes.ts';

test('every check leads to where it is mended, and to tabs that there are', () => {
	const tabs = TABS.map(({ name }) => name as string);
	for (const name of CHECK_NAMES) {
		const to = FIXES[name].to;
		expect(to, name).toMatch(/^\/[a-z-]+(\?tab=[a-z-]+)?$/);
		const [, tab] = to.split('?tab=');
		if (tab !== undefined) expect(tabs, name).toContain(tab);
	}
});
