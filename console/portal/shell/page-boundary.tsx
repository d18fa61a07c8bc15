import { Component, type ReactNode } from 'react';
import { ErrorState } from '../../kit/states.tsx';

/** Keeps a fault of one page from taking the frame, and the uploads in it, down. */
export class PageBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
	override state: { error: unknown } = { error: null };

	static getDerivedStateFromError(error: unknown) {
		return { error };
	}

	override render() {
		if (this.state.error === null) return this.props.children;
		return (
			<ErrorState
				error={this.state.error}
				what="This page could not be shown"
				onRetry={() => this.setState({ error: null })}
			/>
		);
	}
}
