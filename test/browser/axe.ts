import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Portal } from './portal.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe finds on the page as it is now, one line for each element concerned. */
export const violations = async ({ page }: Portal): Promise<string[]> => {
	if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
	return page.evaluate(async (tags) => {
		const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
		// What is in order is thousands of elements, of which nothing is asked.
		const { violations: found } = await axe.run({ runOnly: tags, resultTypes: ['violations'] });
		return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
	}, TAGS);
};

/** By how many pixels the page would have to be scrolled sideways; a scroll bar of its own is no such need. */
export const tooWide = async (portal: Portal): Promise<number> =>
	Math.max(
		0,
		await portal.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
	);
