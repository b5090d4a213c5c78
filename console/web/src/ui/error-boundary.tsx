import {Component} from 'preact';
import type {ComponentChildren} from 'preact';
import {Failure} from './states.tsx';

interface Props {
  readonly children: ComponentChildren;
}

/** Keeps a page that breaks from taking the frame with it. */
export class ErrorBoundary extends Component<Props, {error: Error | null}> {
  override state: {error: Error | null} = {error: null};

  static override getDerivedStateFromError(error: Error): {error: Error} {
    return {error};
  }

  override render(): ComponentChildren {
    const {error} = this.state;
    if (error === null) return this.props.children;
    return <Failure error={error} retry={() => this.setState({error: null})} />;
  }
}
