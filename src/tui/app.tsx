// The screen as Ink components: one text a line, already coloured and as wide as the terminal.
import { Box, Text } from 'ink';
import { memo, type ReactElement, useSyncExternalStore } from 'react';

/** Frames as they become ready. */
export interface FrameStore {
  subscribe(listener: () => void): () => void;
  current(): readonly string[];
}

export function App({ store }: { readonly store: FrameStore }): ReactElement {
  const lines = useSyncExternalStore(store.subscribe, store.current);
  return (
    <Box flexDirection="column" height={lines.length}>
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
        <Row key={at} line={line} />
      ))}
    </Box>
  );
}

const Row = memo(function Row({ line }: { readonly line: string }): ReactElement {
  return <Text wrap="truncate">{line === '' ? ' ' : line}</Text>;
});
