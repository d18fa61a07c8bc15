import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { signedInState } from '../support/signed-in-state.ts';
import type { RunningCoordinator } from '../support/start-coordinator.ts';
import { NotMeasured } from './figure.ts';

/** Is shown once a screen has all that it reads: its heading is there, and nothing says that it is reading. */
const isWhole = (): boolean => {
	const main = document.querySelector('main');
	return main?.querySelector('h1') !== null && main?.querySelector('[role="status"][aria-label^="Reading"]') === null;
};

/** The console in a browser that is looked at while it works: how long, how much, how smoothly. */
export class WatchedPage implements AsyncDisposable {
	readonly page: Page;
	readonly #browser: Browser;
	readonly #whole: CDPSession;

	private constructor(browser: Browser, page: Page, whole: CDPSession) {
		this.#browser = browser;
		this.page = page;
		this.#whole = whole;
	}

	/** A page that is signed in and has opened nothing yet. */
	static async open(coordinator: RunningCoordinator): Promise<WatchedPage> {
		const browser = await launchChromium(['--js-flags=--expose-gc', '--enable-precise-memory-info']);
		if (browser === null) throw new NotMeasured('Chromium is not installed');
		const context = await browser.newContext({
			storageState: await signedInState(coordinator, coordinator.url),
			viewport: { width: 1440, height: 900 },
		});
		context.setDefaultTimeout(120_000);
		const page = await context.newPage();
		await page.addInitScript(() => {
			const tasks: number[] = [];
			Object.assign(window, { longTasks: tasks });
			new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
				type: 'longtask',
			});
		});
		return new WatchedPage(browser, page, await browser.newBrowserCDPSession());
	}

	/** Loads the console anew at a screen; milliseconds until it is whole. */
	async load(url: string): Promise<number> {
		const startedAt = performance.now();
		await this.page.goto(url);
		await this.page.waitForFunction(isWhole, undefined, { polling: 'raf' });
		return performance.now() - startedAt;
	}

	/** Goes to another screen within the page; milliseconds until it is whole, by the page's own clock. */
	async go(screen: string): Promise<number> {
		// What was there before has a heading, too: another screen is there when the title is another.
		const { startedAt, before } = await this.page.evaluate((hash) => {
			const pathOf = (text: string) => text.replace(/^#/, '').split('?')[0];
			const isOther = pathOf(location.hash) !== pathOf(hash);
			const found = { startedAt: performance.now(), before: isOther ? document.title : '' };
			location.hash = hash;
			return found;
		}, screen);
		const shown = await this.page.waitForFunction(
			([path, title]) => {
				const main = document.querySelector('main');
				const isThere = location.hash === `#${path}` && document.title !== title && main?.querySelector('h1') !== null;
				return isThere && main?.querySelector('[role="status"][aria-label^="Reading"]') === null && performance.now();
			},
			[screen, before],
			{ polling: 'raf' },
		);
		return Number(await shown.jsonValue()) - startedAt;
	}

	/** The longest tasks since this was asked last; milliseconds each. Short ones, below 50 ms, are not told by browsers. */
	takeLongTasks(): Promise<number[]> {
		return this.page.evaluate(() => {
			const { longTasks } = window as unknown as { longTasks: number[] };
			return longTasks.splice(0);
		});
	}

	/** CPU seconds of the page's process so far. */
	async cpu(): Promise<number> {
		const { processInfo } = await this.#whole.send('SystemInfo.getProcessInfo');
		return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0);
	}

	/** Bytes of the page's heap after its garbage has been collected. */
	heap(): Promise<number> {
		return this.page.evaluate(() => {
			(globalThis as unknown as { gc(): void }).gc();
			return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize;
		});
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#browser.close();
	}
}
