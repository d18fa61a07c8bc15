import type { MenuItemConstructorOptions } from 'electron';
import type { Profile } from '../../bridge.ts';
import type { Standing } from './health-watch.ts';

const MOST_SHOWN = 6;

/** Which of the tray's icons says how it is. */
export type TrayIcon = 'unknown' | 'well' | 'warn' | 'fail';

const cut = (text: string): string => (text.length > 90 ? `${text.slice(0, 89)}…` : text).replaceAll('&', '&&');

/** What the tray shows: an icon that differs by shape, a sentence, and the problems as a menu. */
export const trayView = (
	standing: Standing,
	profile: Profile | null,
	acts: { show(): void; quit(): void },
): { icon: TrayIcon; tip: string; menu: MenuItemConstructorOptions[] } => {
	const troubles = standing.kind === 'known' ? standing.troubles : [];
	const worst = troubles.some(({ state }) => state === 'fail') ? 'fail' : 'warn';
	const icon = standing.kind === 'unknown' ? 'unknown' : troubles.length === 0 ? 'well' : worst;
	const name = profile?.name ?? 'no coordinator';
	const count = troubles.length === 1 ? '1 problem' : `${troubles.length} problems`;
	const how = { unknown: 'not signed in', well: 'all is well', warn: count, fail: count }[icon];
	return {
		icon,
		tip: `Millrace, ${name}: ${how}`.slice(0, 120),
		menu: [
			{ label: cut(`${name}: ${how}`), enabled: false },
			...troubles.slice(0, MOST_SHOWN).map(({ what }) => ({ label: cut(what), click: acts.show })),
			{ type: 'separator' },
			{ label: 'Open Millrace', click: acts.show },
			{ label: 'Quit', click: acts.quit },
		],
	};
};
