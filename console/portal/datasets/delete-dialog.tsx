import { useMutation } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { deleteDataset } from '../../../shared/client/datasets.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { DatasetView } from '../../../shared/protocol/dataset.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keys } from '../remote/keys.ts';

interface DeleteDialogProps {
	dataset: DatasetView;
	opened: boolean;
	onClose(): void;
}

/** Deletes it once its name was typed; while tasks read it, it says so and asks once more. */
export const DeleteDialog = ({ dataset, opened, onClose }: DeleteDialogProps) => {
	const navigate = useNavigate();
	const { name, title } = dataset;
	const remove = useMutation({
		mutationFn: (force: boolean) => deleteDataset(http, name, { confirm: name, force }),
		onSuccess: async () => {
			notifyDone(`The dataset ${title} is deleted`);
			await navigate('/datasets', { replace: true });
			// The page must not read again what is gone.
			queryClient.removeQueries({ queryKey: keys.dataset(name) });
			await queryClient.invalidateQueries({ queryKey: keys.datasets });
		},
	});
	const isInUse = remove.error instanceof CodedError && remove.error.code === 'dataset-in-use';
	const close = () => {
		remove.reset();
		onClose();
	};
	return (
		<ConfirmDialog
			opened={opened}
			title={`Delete ${title}?`}
			act={isInUse ? 'Delete although it is in use' : 'Delete the dataset'}
			typed={name}
			busy={remove.isPending}
			error={remove.isError ? errorText(remove.error) : null}
			onClose={close}
			onConfirm={() => remove.mutate(isInUse)}
		>
			Nobody finds or uses it any more, with all its versions. Your own files stay, and so does what tasks have made of
			it. This cannot be undone.
		</ConfirmDialog>
	);
};
