import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../support/chromium.ts';
import { signedInState } from '../support/signed-in-state.ts';
import { consoleScreens } from './console-screens.ts';
import { LivelyMill } from './lively-mill.ts';
import { portalScreens } from './portal-screens.ts';

const HELP = `npm run screenshots -- [NAME…] [--into FOLDER] [--width PIXELS]
Starts an installation in which something of everything goes on, and takes a picture of every screen of the portal and
of the console in both colours; names pick some, such as "portal-files". Into dist/screenshots, light at 1440 pixels and
dark at 1024, unless told.
`;
const LOOKS = [
	{ colorScheme: 'light', width: 1440, height: 900 },
	{ colorScheme: 'dark', width: 1024, height: 768 },
] as const;

interface Application {
	name: string;
	screens: readonly (readonly [name: string, screen: string])[];
	/** Who looks at it. */
	who: { username: string; password: string };
	/** Where it begins, after the coordinator's address. */
	path: string;
}

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		into: { type: 'string', default: 'dist/screenshots' },
		width: { type: 'string' },
		help: { type: 'boolean' },
	},
});

const main = async (): Promise<void> => {
	const browser = await launchChromium();
	if (browser === null) throw new Error('There is no Chromium: install it, or say where it is by MILLRACE_CHROMIUM.');
	const folder = resolve(values.into);
	mkdirSync(folder, { recursive: true });
	await using mill = await LivelyMill.start();
	const { coordinator } = mill;
	const applications: Application[] = [
		{ name: 'portal', screens: portalScreens(mill.ids), who: coordinator.credentialsOf(mill.person), path: '' },
		{ name: 'console', screens: consoleScreens(mill.ids), who: coordinator.administrator, path: '/console/#' },
	];
	let taken = 0;
	for (const look of LOOKS) {
		for (const application of applications) {
			const screens = application.screens
				.map(([name, screen]) => [`${application.name}-${name}`, screen] as const)
				.filter(([name]) => positionals.length === 0 || positionals.includes(name));
			if (screens.length === 0) continue;
			const { url } = coordinator;
			const { colorScheme, width, height } = look;
			const context = await browser.newContext({
				storageState: await signedInState({ url, administrator: application.who }, url),
				viewport: { width: values.width === undefined ? width : Number(values.width), height },
				colorScheme,
				reducedMotion: 'reduce',
			});
			const page = await context.newPage();
			for (const [name, screen] of screens) {
				await page.goto(url + application.path + screen);
				await page.locator('main h1').first().waitFor();
				await page.locator('[role="status"][aria-label^="Reading"]').first().waitFor({ state: 'detached' });
				await page.locator('[data-state="live"]').waitFor();
				await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`), fullPage: true });
				taken += 1;
			}
			await context.close();
		}
	}
	await browser.close();
	console.log(`${taken} pictures are in ${folder}`);
};

if (values.help) process.stdout.write(HELP);
else await main();
