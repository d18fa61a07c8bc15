import type { MenuItemConstructorOptions } from 'electron';
import type { DesktopCommand, Profile } from '../../bridge.ts';

interface MenuParts {
	isMac: boolean;
	/** Not packed: tools for who works on it. */
	isDevelopment: boolean;
	profiles: readonly Profile[];
	currentId: string | null;
	notifies: boolean;
	tell(command: DesktopCommand): void;
	choose(id: string): void;
	setNotifies(notifies: boolean): void;
	openOutside(path: string): void;
}

/** The window's menu. What edits text is there too: on a Mac its keys work by the menu alone. */
export const menuTemplate = (parts: MenuParts): MenuItemConstructorOptions[] => {
	const go = (label: string, to: string, accelerator?: string): MenuItemConstructorOptions => ({
		label,
		...(accelerator === undefined ? {} : { accelerator }),
		click: () => parts.tell({ kind: 'go', to }),
	});
	const profiles = parts.profiles.map(
		({ id, name, isProduction }, at): MenuItemConstructorOptions => ({
			// An ampersand would make the next letter a key.
			label: (isProduction ? `${name} · production` : name).replaceAll('&', '&&'),
			type: 'radio',
			checked: id === parts.currentId,
			...(at < 9 ? { accelerator: `CommandOrControl+${at + 1}` } : {}),
			click: () => parts.choose(id),
		}),
	);
	return [
		...(parts.isMac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
		{
			label: '&File',
			submenu: [
				go('Coordinators…', '/connect', 'CommandOrControl+Shift+O'),
				{ label: 'Switch to', enabled: profiles.length > 0, submenu: profiles },
				{ type: 'separator' },
				go('Agent on this machine…', '/this-machine'),
				{
					label: 'Notify of new problems',
					type: 'checkbox',
					checked: parts.notifies,
					click: ({ checked }) => parts.setNotifies(checked),
				},
				{ type: 'separator' },
				{ role: parts.isMac ? 'close' : 'quit' },
			],
		},
		{ role: 'editMenu' },
		{
			label: '&View',
			submenu: [
				{
					label: 'Commands…',
					accelerator: 'CommandOrControl+K',
					// The page hears the keys itself; a second time would close what they opened.
					registerAccelerator: false,
					click: () => parts.tell({ kind: 'palette' }),
				},
				{ type: 'separator' },
				{ role: 'reload' },
				{ role: 'resetZoom' },
				{ role: 'zoomIn' },
				{ role: 'zoomOut' },
				{ role: 'togglefullscreen' },
				...(parts.isDevelopment ? [{ role: 'toggleDevTools' } satisfies MenuItemConstructorOptions] : []),
			],
		},
		{ role: 'windowMenu' },
		{
			role: 'help',
			submenu: [
				{ label: 'Portal', enabled: parts.currentId !== null, click: () => parts.openOutside('/') },
				{ label: 'API reference', enabled: parts.currentId !== null, click: () => parts.openOutside('/api/docs') },
				...(parts.isMac ? [] : [{ role: 'about' } satisfies MenuItemConstructorOptions]),
			],
		},
	];
};
