/** Strokes on a 24 x 24 grid. Drawn here, so that the page carries thirty icons and not five thousand. */
const PATHS = {
	alert: 'M12 8v5M12 16.5v.5M10.3 3.9 2.4 17.5A2 2 0 0 0 4.1 20.5h15.8a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0Z',
	arrowDown: 'M12 5v14M6 13l6 6 6-6',
	bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15l1.5-2ZM10 21h4',
	ban: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM5.7 5.7l12.6 12.6',
	chart: 'M4 19.5h16M7 16v-4.5M12 16V6M17 16V9',
	check: 'm5 12.5 4.5 4.5L19 7.5',
	chevronDown: 'm6 9 6 6 6-6',
	chevronRight: 'm9 6 6 6-6 6',
	circleCheck: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM8 12.3l2.7 2.7L16 9.5',
	circleX: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM9 9l6 6M15 9l-6 6',
	clock: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM12 7v5l3.5 2',
	close: 'M6 6l12 12M18 6 6 18',
	copy: 'M9 9h10a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 19 21h-9a1.5 1.5 0 0 1-1.5-1.5V9.5M5.5 15H5a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 5 3h8.5A1.5 1.5 0 0 1 15 4.5V5',
	dataset:
		'M12 3.5c4.4 0 8 1.3 8 3s-3.6 3-8 3-8-1.3-8-3 3.6-3 8-3ZM4 6.5v11c0 1.7 3.6 3 8 3s8-1.3 8-3v-11M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3',
	device: 'M3 5.5h18v11H3zM8.5 20.5h7M12 16.5v4',
	dots: 'M4.5 12a.7.7 0 1 0 1.4 0a.7.7 0 1 0-1.4 0M11.3 12a.7.7 0 1 0 1.4 0a.7.7 0 1 0-1.4 0M18.1 12a.7.7 0 1 0 1.4 0a.7.7 0 1 0-1.4 0',
	download: 'M12 4v11M7 10.5l5 5 5-5M4 19.5h16',
	drive: 'M3.5 13.5h17v6h-17zM3.5 13.5 6.5 5h11l3 8.5M7 16.5h.01M10.5 16.5h.01',
	edit: 'M4 20h4L19 9l-4-4L4 16v4ZM13.5 6.5l4 4',
	external: 'M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5',
	file: 'M13.5 3H7a1.5 1.5 0 0 0-1.5 1.5v15A1.5 1.5 0 0 0 7 21h10a1.5 1.5 0 0 0 1.5-1.5V8L13.5 3ZM13.5 3v5h5',
	folder: 'M3.5 7a2 2 0 0 1 2-2h4l2 2.5h7a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2V7Z',
	folderPlus: 'M3.5 7a2 2 0 0 1 2-2h4l2 2.5h7a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2V7ZM12 10.5v5M9.5 13h5',
	help: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM9.7 9.5a2.4 2.4 0 1 1 3.6 2.1c-.8.5-1.3 1-1.3 1.9M12 16.5v.01',
	hourglass: 'M7 3.5h10M7 20.5h10M8 3.5c0 5 3.5 5.5 4 8.5-.5 3-4 3.5-4 8.5M16 3.5c0 5-3.5 5.5-4 8.5.5 3 4 3.5 4 8.5',
	image: 'M4.5 4.5h15v15h-15zM4.5 16l4.5-4.5 4 4 2.5-2.5 4 4M14.5 9h.01',
	jobs: 'M12 3.5 21 8l-9 4.5L3 8l9-4.5ZM3.5 12l8.5 4.5 8.5-4.5M3.5 16l8.5 4.5 8.5-4.5',
	key: 'M14.5 4.5a5 5 0 1 1-3.2 8.8L4.5 20H3.5v-3l7.2-6.8a5 5 0 0 1 3.8-5.7ZM15.5 8.5h.01',
	link: 'M9.5 14.5l5-5M8 12l-2.5 2.5a3.5 3.5 0 0 0 5 5L13 17M16 12l2.5-2.5a3.5 3.5 0 0 0-5-5L11 7',
	list: 'M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01',
	moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
	move: 'M4 12h15M13 6l6 6-6 6',
	pause: 'M8.5 5.5v13M15.5 5.5v13',
	play: 'M7.5 5v14l11-7-11-7Z',
	people:
		'M9 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM2.5 19.5c.6-3.4 3.2-5 6.5-5s5.9 1.6 6.5 5M15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 14.8c2 .7 3.2 2.3 3.5 4.7',
	plus: 'M12 5v14M5 12h14',
	recipe: 'M9.5 6h11M9.5 12h11M9.5 18h11M3.5 6l1.2 1.2L7 5M3.5 12l1.2 1.2L7 11M3.5 18l1.2 1.2L7 17',
	refresh: 'M20 11a8 8 0 0 0-14.3-4L4 8.5M4 4.5v4h4M4 13a8 8 0 0 0 14.3 4l1.7-1.5M20 19.5v-4h-4',
	restore: 'M4 8.5h10a5.5 5.5 0 0 1 0 11H9M4 8.5l4-4M4 8.5l4 4',
	scales: 'M12 4v16M8 20h8M5 7.5h14M5 7.5 2.5 14h5L5 7.5ZM19 7.5 16.5 14h5L19 7.5Z',
	search: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM15.5 15.5 20 20',
	signOut: 'M14 4.5H6a1.5 1.5 0 0 0-1.5 1.5v12A1.5 1.5 0 0 0 6 19.5h8M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5',
	sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
	trash: 'M4 6.5h16M9 6.5V4h6v2.5M6 6.5l1 14h10l1-14M10 10.5v6M14 10.5v6',
	upload: 'M12 16V5M7 9.5l5-5 5 5M4 19.5h16',
	user: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4.5 20.5c.8-3.8 3.8-5.5 7.5-5.5s6.7 1.7 7.5 5.5',
	wifiOff:
		'M4 4l16 16M8.5 15.5a5 5 0 0 1 6.5-.5M5 12a10 10 0 0 1 4-2.3M2 8.5A15 15 0 0 1 6 6M12 5c3.8 0 7.3 1.3 10 3.5M15.5 10.3A10 10 0 0 1 19 12M12 19h.01',
	zap: 'M13 3 5 13.5h6L10.5 21 19 10.5h-6.5L13 3Z',
} as const;

export type IconName = keyof typeof PATHS;

/** An icon beside words; it says nothing of its own to screen readers. */
export const Icon = ({ name, size = 18, className }: { name: IconName; size?: number; className?: string }) => (
	<svg
		width={size}
		height={size}
		viewBox="0 0 24 24"
		fill="none"
		stroke="currentColor"
		strokeWidth={1.8}
		strokeLinecap="round"
		strokeLinejoin="round"
		aria-hidden="true"
		focusable="false"
		className={className}
	>
		<path d={PATHS[name]} />
	</svg>
);
