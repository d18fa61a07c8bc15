import { useEffect, useRef, useState } from 'react';
import { Icon } from '../../kit/icons.tsx';
import { entriesOfDrop } from '../uploads/dropped-files.ts';
import { useUploads } from '../uploads/uploads.tsx';
import classes from './files.module.css';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** The folder row under the pointer takes what is dropped on it; elsewhere the folder that is shown does. */
const folderUnder = (event: DragEvent, shown: string): string => {
	const row = event.target instanceof Element ? event.target.closest('tr, [data-drop-folder]') : null;
	const folder = row?.matches('[data-drop-folder]') ? row : row?.querySelector('[data-drop-folder]');
	return folder?.getAttribute('data-drop-folder') ?? shown;
};

/** The whole window takes files and folders that are dropped on it. */
export const DropZone = ({ folder }: { folder: string }) => {
	const { addDropped } = useUploads();
	const [target, setTarget] = useState<string | null>(null);
	const depth = useRef(0);
	useEffect(() => {
		const leave = () => {
			depth.current = 0;
			setTarget(null);
		};
		const listeners: Record<string, (event: DragEvent) => void> = {
			dragenter: (event) => {
				if (!hasFiles(event)) return;
				event.preventDefault();
				depth.current += 1;
			},
			dragover: (event) => {
				if (!hasFiles(event)) return;
				event.preventDefault();
				if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
				setTarget(folderUnder(event, folder));
			},
			dragleave: (event) => {
				if (!hasFiles(event)) return;
				depth.current -= 1;
				if (depth.current <= 0) leave();
			},
			drop: (event) => {
				if (!hasFiles(event) || event.dataTransfer === null) return;
				event.preventDefault();
				void addDropped(entriesOfDrop(event.dataTransfer), folderUnder(event, folder));
				leave();
			},
		};
		for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener as EventListener);
		return () => {
			for (const [name, listener] of Object.entries(listeners))
				window.removeEventListener(name, listener as EventListener);
		};
	}, [folder, addDropped]);
	if (target === null) return null;
	return (
		<div className={classes.dropVeil} aria-hidden="true">
			<div className={classes.dropCard}>
				<Icon name="upload" size={30} />
				<strong>Drop to upload</strong>
				<span>into {target === '/' ? 'Files' : target}</span>
			</div>
		</div>
	);
};
