import { tooWide, violations } from './axe.ts';
import { LOOKS, type Look, type Portal } from './portal.ts';

export interface Screen {
	name: string;
	path(): string;
	/** Shown when the screen is there. */
	sign: string | RegExp;
	/** What is done before it is looked at. */
	act?(portal: Portal): Promise<void>;
}

/** Clicks a button and waits for the field of the dialog that it opens. */
export const dialogOf =
	(button: string | RegExp, label: string) =>
	async (portal: Portal): Promise<void> => {
		await portal.button(button).first().click();
		await portal.page.getByRole('dialog').getByLabel(label, { exact: true }).waitFor();
		// A dialog that counts is looked at when it has.
		await portal.page.getByText('Counting…').waitFor({ state: 'detached' });
	};

/** What breaks WCAG 2.2 AA or would scroll sideways on these screens, in every look, or in those that are given. */
export const troubleOn = async (
	portal: Portal,
	screens: readonly Screen[],
	looks: readonly Look[] = LOOKS,
): Promise<string[]> => {
	const found: string[] = [];
	for (const screen of screens) {
		for (const [at, look] of looks.entries()) {
			await portal.look(look);
			// What one does on a screen may end with its width: then it is done anew.
			if (at === 0 || screen.act) await portal.go(screen.path());
			await portal.page.getByText(screen.sign).first().waitFor();
			await screen.act?.(portal);
			for (const violation of await violations(portal)) found.push(`${screen.name}, ${look.colorScheme}: ${violation}`);
			const overflow = await tooWide(portal);
			if (overflow > 0) found.push(`${screen.name}, ${look.colorScheme}: ${overflow} pixels too wide`);
		}
	}
	return found;
};

/** What axe finds on the page as it is, in every look. */
export const violationsInAllLooks = async (portal: Portal): Promise<string[]> => {
	const found: string[] = [];
	for (const look of LOOKS) {
		await portal.look(look);
		for (const violation of await violations(portal)) found.push(`${look.colorScheme}: ${violation}`);
	}
	return found;
};
