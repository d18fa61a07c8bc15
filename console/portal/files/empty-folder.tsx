import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useHandheld } from '../../kit/handheld.ts';
import { Icon } from '../../kit/icons.tsx';
import { notifyError } from '../../kit/notify.tsx';
import { errorText } from '../../kit/remote/error-text.ts';
import { EmptyState } from '../../kit/states.tsx';
import { pathBelow } from '../uploads/dropped-files.ts';
import { useUploads } from '../uploads/uploads.tsx';
import { makeSampleImage } from './sample-image.ts';

/** Where files will be; how they get here, and one to try with. */
export const EmptyFolder = ({ folder }: { folder: string }) => {
	const { add } = useUploads();
	const isHandheld = useHandheld();
	const sample = useMutation({
		mutationFn: makeSampleImage,
		onSuccess: (file) => add([{ file, path: pathBelow(folder, file.name) }]),
		onError: (error) => notifyError('The sample could not be made', errorText(error)),
	});
	return (
		<EmptyState
			icon="upload"
			title={isHandheld ? 'Upload files here' : 'Drop files or folders here'}
			actions={
				<Button
					variant="light"
					leftSection={<Icon name="image" size={17} />}
					loading={sample.isPending}
					onClick={() => sample.mutate()}
				>
					Try with a sample image
				</Button>
			}
		>
			Each file gets its MD5 checksum and its true type, pictures also get a thumbnail. It takes seconds, and you can
			watch.
		</EmptyState>
	);
};
