import Button from '@atlaskit/button/new';
import Checkbox from '@atlaskit/checkbox';
import { ErrorMessage, Label } from '@atlaskit/form';
import Heading from '@atlaskit/heading';
import Lozenge from '@atlaskit/lozenge';
import { Box, Inline, Stack, Text, xcss } from '@atlaskit/primitives';
import { RadioGroup } from '@atlaskit/radio';
import SectionMessage, { SectionMessageAction } from '@atlaskit/section-message';
import Spinner from '@atlaskit/spinner';
import Textfield from '@atlaskit/textfield';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { add, choose, dismiss, edit, remove, retry, setDone, type Failure, type Row, type View } from './logic?go';
import { useFocus } from './focus';
import { useEvents, useView } from './view';

const ways = (['requestRemote', 'invokeRemote', 'direct'] as const).map((way) => ({ value: way, label: way }));
const wide = xcss({ flexGrow: 1 });

export function App() {
  const view = useView();
  const root = useRef<HTMLElement>(null);
  useEvents();
  useFocus(root, view?.focus);
  if (!view) return <Spinner label="Loading" />;
  return (
    <main ref={root}>
      <Box padding="space.200">
        <Stack space="space.200">
          <Inline space="space.100" alignBlock="center">
            <Heading size="medium" as="h1">
              {view.texts.title}
            </Heading>
            <Lozenge appearance={view.live === 'on' ? 'success' : view.live === 'reconnecting' ? 'moved' : 'default'}>
              <span id="live">{view.liveText}</span>
            </Lozenge>
            {view.summary && <Text color="color.text.subtle">{view.summary}</Text>}
          </Inline>
          <AddTask view={view} />
          <div role="status">
            <Text color="color.text.subtle">{view.status}</Text>
          </div>
          <div role="alert">
            <Stack space="space.100">
              {view.failures?.map((failure) => (
                <Message key={failure.number} failure={failure} />
              ))}
            </Stack>
          </div>
          {view.loading && <Spinner label="" />}
          {view.loaded && view.rows?.length === 0 && <Text>{view.texts.empty}</Text>}
          <ul id="tasks" aria-label={view.texts.title}>
            {view.rows?.map((row) => (
              <Task key={row.id} row={row} />
            ))}
          </ul>
        </Stack>
      </Box>
    </main>
  );
}

function AddTask({ view }: { view: View }) {
  const { texts, name } = view;
  // React has the text while the user types. The program gets it too, keeps it as a draft, and clears it after it was added.
  const [text, setText] = useState(name.text);
  useEffect(() => {
    if (name.text === '') setText('');
  }, [name.text]);

  function submit(event: FormEvent) {
    event.preventDefault();
    add(text);
  }

  return (
    <form autoComplete="off" noValidate onSubmit={submit}>
      <Stack space="space.100">
        <div>
          <Label htmlFor="name">{texts.name}</Label>
          <Inline space="space.100">
            <Box xcss={wide}>
              <Textfield
                id="name"
                value={text}
                isReadOnly={name.adding}
                isInvalid={name.problem !== ''}
                aria-describedby={name.problem ? 'name-problem' : undefined}
                onChange={(event) => {
                  setText(event.currentTarget.value);
                  edit(event.currentTarget.value);
                }}
              />
            </Box>
            <Button type="submit" appearance="primary" isDisabled={!view.loaded} isLoading={name.adding}>
              {texts.add}
            </Button>
          </Inline>
          {name.problem && (
            <div id="name-problem" aria-live="assertive">
              <ErrorMessage>{name.problem}</ErrorMessage>
            </div>
          )}
        </div>
        <div>
          <Text id="ways" size="small" weight="semibold" color="color.text.subtle">
            {texts.ways}
          </Text>
          <RadioGroup
            labelId="ways"
            name="way"
            options={ways}
            value={view.way}
            onChange={(event) => choose(event.currentTarget.value as View['way'])}
          />
          {view.directNote && <Text color="color.text.subtle">{view.directNote}</Text>}
        </div>
      </Stack>
    </form>
  );
}

function Task({ row }: { row: Row }) {
  return (
    <li data-id={row.id} tabIndex={-1}>
      <Inline space="space.100" alignBlock="center" spread="space-between">
        <Checkbox
          label={row.name}
          isChecked={row.done}
          onChange={(event) => setDone({ id: row.id, done: event.currentTarget.checked })}
        />
        <Inline space="space.100" alignBlock="center" shouldWrap={false}>
          {row.file && <Lozenge>{row.file}</Lozenge>}
          <Button appearance="subtle" spacing="compact" aria-label={row.delete} onClick={() => remove(row.id)}>
            ✕
          </Button>
        </Inline>
      </Inline>
    </li>
  );
}

function Message({ failure }: { failure: Failure }) {
  const actions = [];
  if (failure.retry) {
    actions.push(
      <SectionMessageAction key="retry" onClick={() => retry(failure.subject)}>
        {failure.retry}
      </SectionMessageAction>,
    );
  }
  if (failure.dismiss) {
    actions.push(
      <SectionMessageAction key="dismiss" onClick={() => dismiss(failure.subject)}>
        {failure.dismiss}
      </SectionMessageAction>,
    );
  }
  return (
    <div data-subject={failure.subject} aria-busy={failure.trying}>
      <SectionMessage appearance="error" actions={actions}>
        <Text>{failure.text}</Text>
      </SectionMessage>
    </div>
  );
}
