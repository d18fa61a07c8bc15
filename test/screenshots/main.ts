import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../support/chromium.ts';
import { signedInState } from '../support/signed-in-state.ts';
import { consoleScreens } from './console-screens.ts';
import { LivelyMill } from './lively-mill.ts';

const HELP = `npm run screenshots -- [NAME…] [--into FOLDER] [--width PIXELS]
Starts an installation in which something of everything goes on, and takes a picture of every screen of the console in
both colours; names pick some. Into dist/screenshots, light at 1440 pixels and dark at 1024, unless told.
`;
const LOOKS = [
	{ colorScheme: 'light', width: 1440, height: 900 },
	{ colorScheme: 'dark', width: 1024, height: 768 },
] as const;

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
	const screens = consoleScreens(mill.ids).filter(([name]) => positionals.length === 0 || positionals.includes(name));
	for (const { colorScheme, width, height } of LOOKS) {
		const context = await browser.newContext({
			storageState: await signedInState(coordinator, coordinator.url),
			viewport: { width: values.width === undefined ? width : Number(values.width), height },
			colorScheme,
			reducedMotion: 'reduce',
		});
		const page = await context.newPage();
		for (const [name, screen] of screens) {
			await page.goto(`${coordinator.url}/console/#${screen}`);
			await page.locator('main h1').waitFor();
			await page.locator('[role="status"][aria-label^="Reading"]').first().waitFor({ state: 'detached' });
			await page.locator('[data-state="live"]').waitFor();
			await page.screenshot({ path: join(folder, `console-${name}-${colorScheme}.png`), fullPage: true });
		}
		await context.close();
	}
	await browser.close();
	console.log(`${screens.length * LOOKS.length} pictures are in ${folder}`);
};

if (values.help) process.stdout.write(HELP);
else await main();
