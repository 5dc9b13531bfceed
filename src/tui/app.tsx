// The screen as Ink components: one text a line. A line is a single character, see `line-font.ts`.
import { Box, Text } from 'ink';
import { memo, type ReactElement, useSyncExternalStore } from 'react';

/** Frames as they become ready: a character a line. */
export interface FrameStore {
  subscribe(listener: () => void): () => void;
  current(): readonly string[];
}

export function App({ store }: { readonly store: FrameStore }): ReactElement {
  const chars = useSyncExternalStore(store.subscribe, store.current);
  return (
    <Box flexDirection="column" height={chars.length}>
      {chars.map((char, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
        <Row key={at} char={char} />
      ))}
    </Box>
  );
}

const Row = memo(function Row({ char }: { readonly char: string }): ReactElement {
  return <Text>{char}</Text>;
});
