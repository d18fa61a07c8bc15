import { Alert, Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Desktop, Profile, Sight } from '../../bridge.ts';
import { Icon } from '../../kit/icons.tsx';
import { useAct } from '../../kit/remote/use-act.ts';
import { LoadingState } from '../../kit/states.tsx';
import { keys } from '../remote/keys.ts';
import { CertificateCard } from './certificate-card.tsx';
import { words } from './words.ts';

const troubleOf = (sight: Sight | undefined, error: Error | null): string | null =>
	sight?.kind === 'trouble' ? sight.detail : (error?.message ?? null);

/** Looks at a coordinator and opens it; in between somebody approves of what is to be approved. */
export const SightOf = ({ desktop, profile }: { desktop: Desktop; profile: Profile }) => {
	const { id, name } = profile;
	const look = useQuery({
		queryKey: [...keys.desktopSight, id],
		queryFn: () => desktop.lookAt(id),
		gcTime: 0,
		staleTime: 0,
	});
	const open = useAct({ act: () => desktop.chooseProfile(id), key: keys.desktop, failed: words.openWord });
	const approve = useAct({
		act: (fingerprint: string) => desktop.approve(id, fingerprint),
		key: keys.desktopSight,
		failed: words.approve,
	});
	const { mutate: choose } = open;
	const isFine = look.data?.kind === 'fine' && !look.isFetching;
	useEffect(() => {
		if (isFine) choose();
	}, [isFine, choose]);
	if (look.isFetching) return <LoadingState what={words.asking(name)} rows={2} />;
	const sight = look.data;
	const trouble = troubleOf(sight, look.error);
	if (trouble !== null) {
		return (
			<Alert color="red" icon={<Icon name="alert" />} title={words.notReached} role="alert" mb="md">
				<p>{trouble}</p>
				<Button variant="default" onClick={() => void look.refetch()}>
					{words.again}
				</Button>
			</Alert>
		);
	}
	switch (sight?.kind) {
		case 'other-version':
			return (
				<Alert color="orange" icon={<Icon name="alert" />} title={words.otherVersion} role="alert" mb="md">
					<p>{sight.detail}</p>
					<Group gap="sm">
						<Button loading={open.isPending} onClick={() => choose()}>
							{words.openAnyway}
						</Button>
						<Button variant="default" onClick={() => void look.refetch()}>
							{words.again}
						</Button>
					</Group>
				</Alert>
			);
		case 'new-certificate':
		case 'other-certificate':
			return (
				<CertificateCard
					name={name}
					sight={sight}
					isBusy={approve.isPending}
					onApprove={() => approve.mutate(sight.certificate.fingerprint)}
				/>
			);
		default:
			return null;
	}
};
