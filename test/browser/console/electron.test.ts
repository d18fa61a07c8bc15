import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { _electron } from 'playwright-core';
import { expect, it } from 'vitest';
import { builtFile, REPOSITORY } from '../../support/repository.ts';
import { TempFolder } from '../../support/temp-folder.ts';

/** Electron's program, where there is one: see tools/electron-binary.mjs. */
const findElectron = async (): Promise<string | null> => {
	const { electronBinary } = await import(pathToFileURL(join(REPOSITORY, 'tools/electron-binary.mjs')).href);
	return electronBinary();
};

const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);

it('starts in Electron itself, confined', async ({ skip }) => {
	const executablePath = await findElectron();
	if (executablePath === null) return skip('no Electron binary');
	if (!hasDisplay) return skip('no display for Electron');
	await using folder = new TempFolder();
	const args = [dirname(builtFile('console/package.json')), `--user-data-dir=${folder.join('user-data')}`];
	// Root may not have Chromium's sandbox; elsewhere it is there, and this proves it.
	if (process.getuid?.() === 0) args.push('--no-sandbox');
	const electron = await _electron.launch({ executablePath, args });
	try {
		const page = await electron.firstWindow();
		await page.getByRole('heading', { name: 'Coordinators' }).waitFor();
		const seen = await page.evaluate(async () => {
			const script = document.createElement('script');
			script.textContent = 'window.ranInline = true;';
			document.body.append(script);
			return {
				origin: location.origin,
				reach: ['require', 'process', 'ranInline'].filter((name) => name in window),
				given: Object.keys(window.millrace ?? {}).length,
				answer: (await fetch('/api/v1/me')).status,
			};
		});
		expect(seen).toEqual({ origin: 'app://millrace', reach: [], given: 12, answer: 502 });
	} finally {
		await electron.close();
	}
});
