import type { Portal } from './portal.ts';

const MOST_TABS = 120;

/** What has the focus: its label, or what it says. */
export const focused = ({ page }: Portal): Promise<string> =>
	page.evaluate(() => {
		const at = document.activeElement as HTMLInputElement | null;
		return at?.labels?.[0]?.textContent ?? at?.getAttribute('aria-label') ?? at?.textContent ?? '';
	});

/** Tab until this has the focus; a page that cannot be gone through by Tab fails here. */
export const tabTo = async (portal: Portal, wanted: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> => {
	for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
		if (wanted.test(await focused(portal))) return;
		await portal.page.keyboard.press(key);
	}
	throw new Error(`${key} does not lead to ${wanted}, but to ${await focused(portal)}`);
};

/** Tab to it and press Enter. */
export const pressOn = async (portal: Portal, wanted: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> => {
	await tabTo(portal, wanted, key);
	await portal.page.keyboard.press('Enter');
};

/** Writes into the field that has the focus, instead of what is in it. */
export const write = async ({ page }: Portal, text: string): Promise<void> => {
	await page.keyboard.press('ControlOrMeta+a');
	await page.keyboard.type(text);
};

/** Chooses in the list that has the focus, by its arrows. */
export const pick = async ({ page }: Portal, wanted: string): Promise<void> => {
	const chosen = () =>
		page.evaluate(() => (document.activeElement as HTMLSelectElement | null)?.selectedOptions?.[0]?.textContent);
	await page.keyboard.press('Home');
	for (let presses = 0; presses < 40; presses += 1) {
		if ((await chosen()) === wanted) return;
		await page.keyboard.press('ArrowDown');
	}
	throw new Error(`The arrows do not lead to ${wanted}, but to ${await chosen()}`);
};

/** Down an open menu until this is reached, and Enter. */
export const chooseInMenu = async (portal: Portal, wanted: RegExp): Promise<void> => {
	await portal.page.getByRole('menu').waitFor();
	for (let presses = 0; presses < 20; presses += 1) {
		if (wanted.test(await focused(portal))) return portal.page.keyboard.press('Enter');
		await portal.page.keyboard.press('ArrowDown');
	}
	throw new Error(`The arrows do not lead to ${wanted}, but to ${await focused(portal)}`);
};
