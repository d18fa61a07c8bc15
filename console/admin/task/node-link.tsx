import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { listNodes } from '../../../shared/client/nodes.ts';
import { http } from '../../kit/remote/api.ts';
import page from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';

/** A node by its name, which leads to it; to the list where it is not the name of just one. */
export const NodeLink = ({ name }: { name: string }) => {
	const { data } = useQuery({
		queryKey: keys.choices('nodes'),
		queryFn: ({ signal }) => listNodes(http, { limit: 1_000 }, { signal }),
		staleTime: 60_000,
	});
	const [node, other] = (data?.items ?? []).filter((one) => one.name === name && one.state !== 'revoked');
	const isKnown = node !== undefined && other === undefined;
	return (
		<Link className={page.link!} to={isKnown ? `/nodes/${node.id}` : `/nodes?${new URLSearchParams({ text: name })}`}>
			{name}
		</Link>
	);
};
