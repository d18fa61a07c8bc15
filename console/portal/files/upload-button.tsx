import { Button, Menu } from '@mantine/core';
import { type ChangeEvent, useRef } from 'react';
import { Icon } from '../../kit/icons.tsx';
import { filesOfInput } from '../uploads/dropped-files.ts';
import { useUploads } from '../uploads/uploads.tsx';

/** Picks files, or a folder with all that is in it. */
export const UploadButton = ({ folder }: { folder: string }) => {
	const { add } = useUploads();
	const files = useRef<HTMLInputElement>(null);
	const directory = useRef<HTMLInputElement>(null);
	const take = (event: ChangeEvent<HTMLInputElement>) => {
		add(filesOfInput(event.currentTarget.files ?? [], folder));
		// The same file may be picked again.
		event.currentTarget.value = '';
	};
	return (
		<>
			<input ref={files} type="file" multiple hidden data-upload="files" onChange={take} />
			<input ref={directory} type="file" multiple hidden data-upload="folder" webkitdirectory="" onChange={take} />
			<Menu position="bottom-end">
				<Menu.Target>
					<Button leftSection={<Icon name="upload" size={17} />}>Upload</Button>
				</Menu.Target>
				<Menu.Dropdown>
					<Menu.Item leftSection={<Icon name="file" />} onClick={() => files.current?.click()}>
						Files
					</Menu.Item>
					<Menu.Item leftSection={<Icon name="folder" />} onClick={() => directory.current?.click()}>
						A whole folder
					</Menu.Item>
				</Menu.Dropdown>
			</Menu>
		</>
	);
};
