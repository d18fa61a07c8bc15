import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleScreens } from '../../screenshots/console-screens.ts';
import { LivelyMill } from '../../screenshots/lively-mill.ts';
import { tooWide } from '../axe.ts';
import { tourByTab } from '../key-tour.ts';
import { layoutTrouble } from '../layout.ts';
import { browserForTests, type Portal } from '../portal.ts';
import { consolePath, openConsole } from './console.ts';

/** From the narrowest that the console is made for to the widest. */
const WIDTHS = [1024, 1440, 2560];

const browser = browserForTests();
let mill: LivelyMill;
let screens: ReturnType<typeof consoleScreens>;
beforeAll(async () => {
	mill = await LivelyMill.start();
	screens = consoleScreens(mill.ids);
}, 300_000);
afterAll(() => mill?.[Symbol.asyncDispose]());

/** Goes there, and waits until all is read. */
const arrive = async (admin: Portal, screen: string): Promise<void> => {
	await admin.go(consolePath(screen));
	await admin.page.locator('main h1').first().waitFor();
	await expect.poll(() => admin.page.locator('[role="status"][aria-label^="Reading"]').count()).toBe(0);
	await admin.live();
};

/** What is found on every screen, each with the screen's name before it. */
const onEvery = async (admin: Portal, look: (admin: Portal) => Promise<string[]>): Promise<string[]> => {
	const found: string[] = [];
	for (const [name, screen] of screens) {
		await arrive(admin, screen);
		for (const one of await look(admin)) found.push(`${name}: ${one}`);
	}
	return found;
};

describe('every screen of a mill in which much goes on', () => {
	it('is among those that are looked at here', async () => {
		const admin = await openConsole(browser(), mill.coordinator);
		const links = admin.page.getByRole('navigation', { name: 'Main' }).getByRole('link');
		const menu = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
		const looked = new Set(screens.map(([, screen]) => `#/${screen.split(/[/?]/)[1]}`));
		expect(menu.length).toBeGreaterThan(20);
		expect(menu.filter((href) => !looked.has(href ?? ''))).toEqual([]);
	});

	it('is gone through by Tab alone: all is reached, has a name, and shows where one is', async () => {
		const admin = await openConsole(browser(), mill.coordinator);
		expect(await onEvery(admin, tourByTab)).toEqual([]);
		expect(admin.faults).toEqual([]);
	});

	it.each(WIDTHS)('cuts no text and scrolls nowhere sideways at %d pixels', async (width) => {
		const admin = await openConsole(browser(), mill.coordinator, { width });
		const look = async (portal: Portal) => {
			const wide = await tooWide(portal);
			return [...(wide > 0 ? [`${wide} pixels too wide`] : []), ...(await layoutTrouble(portal))];
		};
		expect(await onEvery(admin, look)).toEqual([]);
	});
});
