import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { signedInState } from '../support/signed-in-state.ts';
import type { RunningCoordinator } from '../support/start-coordinator.ts';

const HEIGHT = 860;

/** A coordinator as a browser knows it: where it is, and who signs in there unless told. */
export type Reachable = Pick<RunningCoordinator, 'url' | 'administrator'>;

export interface Look {
	colorScheme: 'light' | 'dark';
	width: number;
}

/** Colours and widths are independent of each other: every screen in both colours and at both widths, once. */
export const LOOKS: readonly Look[] = [
	{ colorScheme: 'light', width: 1280 },
	{ colorScheme: 'dark', width: 390 },
];

/** The browser of a test file; its tests are skipped, and named, where there is none. */
export const browserForTests = (): (() => Browser) => {
	let browser: Browser | null = null;
	beforeAll(async () => {
		browser = await launchChromium();
	});
	beforeEach((context) => context.skip(browser === null, 'Chromium is not installed'));
	afterAll(() => browser?.close());
	return () => {
		if (browser === null) throw new Error('there is no browser');
		return browser;
	};
};

export interface PortalOptions {
	/** Where the portal is asked for, such as a proxy's address; default: the coordinator itself. */
	url?: string;
	width?: number;
	colorScheme?: 'light' | 'dark';
	/** Default: signed in as the administrator. */
	signedIn?: boolean;
	/** In a session and a profile of its own; default: those who have signed in share them within a file of tests. */
	alone?: boolean;
	/** The page to open; default: `/files`. Null opens none: the test goes somewhere first of all. */
	at?: string | null;
}

/** What a browser has loaded and compiled once it need not again in the same profile: most of a page's cost. */
const profiles = new WeakMap<Browser, Map<string, Promise<BrowserContext>>>();

const profileFor = (browser: Browser, coordinator: Reachable, options: PortalOptions) => {
	const { url = coordinator.url, signedIn = true, alone = !signedIn, width = 1280, colorScheme = 'light' } = options;
	const make = async () => {
		const context = await browser.newContext({
			...(signedIn ? { storageState: await signedInState(coordinator, url) } : {}),
			viewport: { width, height: HEIGHT },
			colorScheme,
			reducedMotion: 'reduce',
		});
		context.setDefaultTimeout(60_000);
		return context;
	};
	if (alone) return make();
	const key = [url, width, colorScheme].join();
	const shared = profiles.get(browser) ?? new Map<string, Promise<BrowserContext>>();
	profiles.set(browser, shared);
	const context = shared.get(key) ?? make();
	shared.set(key, context);
	return context;
};

/** The portal in a browser, as one person sees it. */
export class Portal {
	readonly page: Page;
	readonly url: string;
	/** Faults that the page or the browser told of: exceptions, errors, breaches of the content security policy. */
	readonly faults: string[] = [];
	readonly #coordinator: Reachable;

	private constructor(page: Page, url: string, coordinator: Reachable) {
		this.page = page;
		this.url = url;
		this.#coordinator = coordinator;
		page.on('pageerror', (error) => this.faults.push(error.stack ?? error.message));
		page.on('console', (message) => {
			const text = message.text();
			// Browsers report every refusal as an error, also those that we ask for (is this path taken?).
			const isRefusal = /Failed to load resource|WebSocket connection to/.test(text);
			if ((message.type() === 'error' || message.type() === 'warning') && !isRefusal) this.faults.push(text);
		});
	}

	/** Opens the portal, without the detour of a page to sign in by; the page goes when the test ends. */
	static async open(browser: Browser, coordinator: Reachable, options: PortalOptions = {}): Promise<Portal> {
		const { url = coordinator.url, signedIn = true, alone = !signedIn, at = '/files' } = options;
		const context = await profileFor(browser, coordinator, options);
		const page = await context.newPage();
		onTestFinished(async ({ task }) => {
			// A look at what went wrong, where the browser still has it.
			const name = task.name.replaceAll(/[^a-z0-9]+/gi, '-');
			if (task.result?.state === 'fail') await page.screenshot({ path: `test-results/${name}.png` });
			await (alone ? context : page).close();
		});
		const portal = new Portal(page, url, coordinator);
		if (at === null) return portal;
		await portal.go(at);
		if (signedIn) await portal.button(/^Account menu/).waitFor();
		return portal;
	}

	/** Changes to another look as a person does who turns the phone's night on: the page stays as it is. */
	async look({ colorScheme, width }: Look): Promise<void> {
		await this.page.setViewportSize({ width, height: HEIGHT });
		await this.page.emulateMedia({ colorScheme });
		await this.page.waitForFunction((wanted) => {
			const { mantineColorScheme = wanted } = document.documentElement.dataset;
			return mantineColorScheme === wanted;
		}, colorScheme);
		// Colours that are still on their way are no colours to judge.
		await this.page.evaluate(async () => {
			await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
			const changing = document.getAnimations().filter((one) => one instanceof CSSTransition);
			await Promise.allSettled(changing.map(({ finished }) => finished));
		});
	}

	async go(path: string): Promise<void> {
		await this.page.goto(this.url + path);
	}

	async signIn(who: { username: string; password: string } = this.#coordinator.administrator): Promise<void> {
		await this.page.getByLabel('Name', { exact: true }).fill(who.username);
		await this.page.getByLabel('Password', { exact: true }).fill(who.password);
		await this.page.getByRole('button', { name: 'Sign in' }).click();
		await this.button(/^Account menu/).waitFor();
	}

	/** The row of a list that holds this text. */
	row(text: string | RegExp): Locator {
		return this.page.getByRole('row').filter({ hasText: text });
	}

	get tray(): Locator {
		return this.page.getByRole('region', { name: 'Uploads', exact: true });
	}

	button(name: string | RegExp): Locator {
		return this.page.getByRole('button', { name });
	}

	/** Waits until updates flow; "live" is what the header says. */
	async live(): Promise<void> {
		await this.page.locator('[data-state="live"]').waitFor();
	}

	/** Drops files and folders of this machine onto the middle of the page, as a file manager does. */
	async drop(paths: readonly string[], onto?: Locator): Promise<void> {
		const box = await onto?.boundingBox();
		const at = box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : { x: 600, y: 500 };
		const data = { items: [], files: [...paths], dragOperationsMask: 1 };
		const devTools = await this.page.context().newCDPSession(this.page);
		for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
			await devTools.send('Input.dispatchDragEvent', { type, ...at, data });
		}
		await devTools.detach();
	}

	/** Picks files by the button’s hidden input. */
	async pick(paths: readonly string[]): Promise<void> {
		await this.page.locator('[data-upload="files"]').setInputFiles([...paths]);
	}
}
